import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PROJECT = path.resolve(import.meta.dirname, '..', '..');
const ARCHIVES = path.resolve(PROJECT, '..', 'shared', 'data', 'online-retail');

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export type Row = Record<string, unknown>;

/** A platform of its own, driven as a person drives it: by the command line. */
export class PlatformUnderTest {
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-e2e-'));
  private endpoint = '';

  /** Starts the cloud, with its data in a folder of this test's own. */
  async up(): Promise<void> {
    this.endpoint = (await this.json<{ endpoint: string }>('up')).endpoint;
  }

  /** Runs a command, whatever comes of it. */
  sluice(...args: readonly string[]): Promise<Result> {
    const env = { ...process.env, SLUICE_HOME: path.join(this.folder, 'home') };
    return run(process.execPath, [path.join(PROJECT, 'bin', 'sluice.mjs'), ...args], env);
  }

  /** Runs a command that must succeed. */
  async succeed(...args: readonly string[]): Promise<Result> {
    const result = await this.sluice(...args);
    if (result.code !== 0) throw new Error(`sluice ${args.join(' ')} ended with ${result.code}:\n${result.stderr}`);
    return result;
  }

  /** What a command prints for programs. */
  async json<T>(...args: readonly string[]): Promise<T> {
    return JSON.parse((await this.succeed(...args, '--json')).stdout) as T;
  }

  query(sql: string): Promise<Row[]> {
    return this.json<Row[]>('query', sql);
  }

  /** The only value of the only row. */
  async value(sql: string): Promise<unknown> {
    const [row] = await this.query(sql);
    return Object.values(row ?? {})[0];
  }

  /** Runs a script of this folder against the cloud and reads the JSON that it prints last. */
  async python<T>(script: string, ...args: readonly string[]): Promise<T> {
    const env = { ...process.env, AWS_ENDPOINT_URL: this.endpoint, AWS_ALLOW_HTTP: 'true' };
    const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test', AWS_REGION: 'us-east-1' };
    const python = path.join(PROJECT, '.venv', 'bin', 'python');
    const result = await run(python, [path.join(import.meta.dirname, script), ...args], { ...env, ...credentials });
    if (result.code !== 0) throw new Error(`${script} ended with ${result.code}:\n${result.stderr}`);
    return JSON.parse(result.stdout.trim().split('\n').at(-1) ?? '') as T;
  }

  /** The CSV files of these days of a real shop. */
  realDays(...days: readonly string[]): string[] {
    const archive = readdirSync(ARCHIVES).find((name) => name.endsWith('.tar.xz'));
    if (!archive) throw new Error(`no archive in ${ARCHIVES}: the data that this test compares with is missing`);
    const files = days.map((day) => `${day}.csv`);
    execFileSync('tar', ['-xJf', path.join(ARCHIVES, archive), '-C', this.folder, ...files]);
    return files.map((file) => path.join(this.folder, file));
  }

  async dispose(): Promise<void> {
    await this.sluice('down');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

const run = (command: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Result> =>
  new Promise((resolve) => {
    execFile(command, args, { cwd: PROJECT, env, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code ?? 1) : 0, stdout, stderr });
    });
  });
