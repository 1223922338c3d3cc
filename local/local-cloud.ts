import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** The cloud on this machine. What stands behind it may change: nothing else in the project knows the emulator. */
export interface LocalCloud {
  /** Starts it, or joins the one that runs on the same folder. */
  start(): Promise<void>;
  /** Joins the one that runs on the folder; false when none does. */
  attach(): Promise<boolean>;
  /** Stops it and keeps its data. */
  stop(): Promise<void>;
  readonly endpoint: string;
  /** What a program needs in its environment to reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** What this machine lacks, one line each; empty when all is well. */
  readonly problems: readonly string[];
}

export interface LocalCloudOptions {
  /** The data folder. */
  readonly home: string;
  /** Default: the folder's last port, or a free one. */
  readonly port?: number;
}

/** What the launcher writes when it answers requests. */
interface CloudFile {
  readonly pid: number;
  readonly endpoint: string;
  readonly region: string;
  readonly startedAt: string;
  readonly problems: readonly string[];
}

const PROJECT = path.resolve(import.meta.dirname, '..');
const START_TIMEOUT_MS = 60_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 50;

/** The local cloud of a data folder, running or not. */
export const openLocalCloud = (options: LocalCloudOptions): LocalCloud => new MiniStackCloud(options);

class MiniStackCloud implements LocalCloud {
  private readonly home: string;
  private readonly port: number | undefined;
  private running: CloudFile | undefined;

  constructor({ home, port }: LocalCloudOptions) {
    this.home = path.resolve(home);
    this.port = port;
  }

  async start(): Promise<void> {
    if (await this.attach()) return;
    const log = path.join(this.home, 'logs', 'cloud.log');
    mkdirSync(path.dirname(log), { recursive: true });
    const launcher = this.launch(log);
    await this.untilReady(launcher, log);
  }

  async attach(): Promise<boolean> {
    const file = this.readFile();
    this.running = file && isAlive(file.pid) && (await isHealthy(file.endpoint)) ? file : undefined;
    return this.running !== undefined;
  }

  async stop(): Promise<void> {
    const pid = this.readFile()?.pid ?? this.lockedBy();
    if (pid !== undefined && isLauncher(pid)) await end(pid);
    rmSync(this.file, { force: true }); // a killed launcher leaves it behind
    this.running = undefined;
  }

  get endpoint(): string {
    return this.known.endpoint;
  }

  get problems(): readonly string[] {
    return this.known.problems;
  }

  get env(): Readonly<Record<string, string>> {
    const { endpoint, region } = this.known;
    return {
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test',
      AWS_ALLOW_HTTP: 'true', // delta-rs refuses plain HTTP without it
      AWS_EC2_METADATA_DISABLED: 'true',
      AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
      CDK_DEFAULT_ACCOUNT: '000000000000',
      CDK_DEFAULT_REGION: region,
    };
  }

  private get known(): CloudFile {
    if (this.running) return this.running;
    throw new Error(`no local cloud runs on ${this.home}; start it with \`sluice up\``);
  }

  private get file(): string {
    return path.join(this.home, 'cloud.json');
  }

  private readFile(): CloudFile | undefined {
    return existsSync(this.file) ? (JSON.parse(readFileSync(this.file, 'utf8')) as CloudFile) : undefined;
  }

  /** The launcher that holds the folder, also while it is still starting. */
  private lockedBy(): number | undefined {
    const lock = path.join(this.home, 'cloud.lock');
    return existsSync(lock) ? Number(readFileSync(lock, 'utf8')) || undefined : undefined;
  }

  private launch(log: string): ChildProcess {
    rmSync(this.file, { force: true }); // of a launcher that was killed
    const output = openSync(log, 'w');
    const port = this.port === undefined ? [] : ['--port', String(this.port)];
    const args = [path.join(PROJECT, 'local', 'launcher.py'), '--home', this.home, ...port];
    const launcher = spawn(path.join(PROJECT, '.venv', 'bin', 'python'), args, {
      cwd: PROJECT,
      env: { ...process.env, SLUICE_NODE_BIN: nodeBinary(), SLUICE_SPARK_JARS: sparkJars() },
      stdio: ['ignore', output, output],
      detached: true,
    });
    launcher.unref();
    return launcher;
  }

  private async untilReady(launcher: ChildProcess, log: string): Promise<void> {
    const failed = new Promise<never>((_, reject) => {
      launcher.on('error', (cause) =>
        reject(new Error(`${launcher.spawnfile} cannot be started; run \`npm run setup\``, { cause })),
      );
      launcher.on('exit', () => reject(new Error(lastLine(log))));
    });
    failed.catch(() => {}); // once it is ready nobody waits for its end
    const deadline = Date.now() + START_TIMEOUT_MS;
    while (!(await Promise.race([this.attach(), failed]))) {
      if (Date.now() > deadline)
        throw new Error(`the local cloud did not start in ${START_TIMEOUT_MS / 1000} s; see ${log}`);
      await Promise.race([sleep(POLL_MS), failed]);
    }
  }
}

/** The Node that functions run on: the project brings its own, since the machine's may be another version. */
function nodeBinary(): string {
  const package_ = `node-${process.platform}-${process.arch}`;
  const candidates = [package_, package_.replace('node-', 'node-bin-')];
  const found = candidates.map((name) => path.join(PROJECT, 'node_modules', name, 'bin', 'node')).find(existsSync);
  return found ?? process.execPath;
}

/** Where the setup puts Spark's jars. */
export function sparkJars(): string {
  const cache = process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache');
  return path.join(cache, 'sluice', 'spark-jars');
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function isHealthy(endpoint: string): Promise<boolean> {
  try {
    return (await fetch(`${endpoint}/_ministack/health`, { signal: AbortSignal.timeout(2000) })).ok;
  } catch {
    return false;
  }
}

/** Whether a process is a launcher: after a restart of the machine its number may belong to anybody. */
function isLauncher(pid: number): boolean {
  try {
    const proc = `/proc/${pid}/cmdline`;
    const command = existsSync(proc)
      ? readFileSync(proc, 'utf8')
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
    return command.includes('launcher.py');
  } catch {
    return false;
  }
}

/** Asks a process to end, which saves the state; makes it end when it does not. */
async function end(pid: number): Promise<void> {
  process.kill(pid, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (isAlive(pid) && Date.now() < deadline) await sleep(POLL_MS);
  if (isAlive(pid)) process.kill(pid, 'SIGKILL');
}

const lastLine = (log: string): string =>
  readFileSync(log, 'utf8').trim().split('\n').at(-1) || `the local cloud did not start; see ${log}`;
