import { spawnSync } from 'node:child_process';

export interface Figures {
  readonly min: number;
  readonly median: number;
  readonly max: number;
}

/** @param values at least one */
export function figuresOf(values: readonly number[]): Figures {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (index: number): number => sorted[index] ?? Number.NaN;
  return { min: at(0), median: at(Math.floor((sorted.length - 1) / 2)), max: at(sorted.length - 1) };
}

/** Runs a command to its end; a failing command has no figure. @returns what it printed, and its seconds. */
export function timed(command: string, args: readonly string[]): { output: string; seconds: number } {
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr.slice(-2000)}`);
  return { output: stdout, seconds: (performance.now() - started) / 1000 };
}

export const repeat = <T>(times: number, work: () => T): T[] => Array.from({ length: times }, work);

export function print(title: string, values: readonly number[], unit: string, promised: number): void {
  const { min, median, max } = figuresOf(values);
  const [low, middle, high] = [min, median, max].map((value) => value.toFixed(1));
  process.stdout.write(
    `${title}: median ${middle} ${unit} (min ${low}, max ${high}, n ${values.length}; promised ${promised} ${unit} or less)\n`,
  );
}
