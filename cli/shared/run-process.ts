import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { PROJECT } from './project.ts';

export interface ProcessOptions {
  /** Default: the project's folder. */
  readonly cwd?: string;
  /** Besides what this process has. */
  readonly env?: Readonly<Record<string, string>>;
  /** Full output is appended here. */
  readonly log?: string;
  readonly onLine?: (line: string) => void;
}

/** How a process ended; `lines` holds both of its outputs in the order they came. */
export interface ProcessResult {
  readonly code: number;
  readonly lines: readonly string[];
}

/** Runs a program and reads its output line by line. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const { cwd = PROJECT, env, log, onLine } = options;
  const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = () => child.kill();
  process.once('exit', stop); // it must not outlive the command that started it
  const file = log === undefined ? undefined : openLog(log, `$ ${command} ${args.join(' ')}`);
  const lines: string[] = [];
  const take = (line: string) => {
    lines.push(line);
    file?.write(`${line}\n`);
    onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', take);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve(exitCode ?? 1));
  });
  process.removeListener('exit', stop);
  file?.end();
  if (file) await finished(file);
  return { code, lines };
}

function openLog(log: string, firstLine: string) {
  mkdirSync(path.dirname(log), { recursive: true });
  const file = createWriteStream(log, { flags: 'a' });
  file.write(`${new Date().toISOString()} ${firstLine}\n`);
  return file;
}
