import { stripVTControlCharacters } from 'node:util';
import type { Tell } from '../shared/progress.ts';

const DEPLOYING = /^(\S+): deploying\.\.\. \[(\d+)\/(\d+)\]/;
const DEPLOYED = /✅\s+(\S+)/;
const STACK_TRACE = /^\s+at .*[:(]/;
const FAILURE = /❌|\bfailed:|^\s*\w*Error:|^\[Error at /;
const SHOWN_LINES = 12;

/** Shortens the CDK's output to which stack is being deployed, and counts those that are done. */
export function stackProgress(tell: Tell): { readonly read: (line: string) => void; readonly done: () => number } {
  const stacks = new Set<string>();
  return {
    read: (line) => {
      const text = stripVTControlCharacters(line);
      const [, stack, index, total] = DEPLOYING.exec(text) ?? [];
      if (stack) tell(`${stack} (${index} of ${total})`);
      const [, done] = DEPLOYED.exec(text) ?? [];
      if (!done) return;
      stacks.add(done);
      tell(`${done} done`);
    },
    done: () => stacks.size,
  };
}

/** The lines of the CDK's output that say what went wrong: from the first that speaks of a failure on. */
export function explainFailure(lines: readonly string[]): string {
  const texts = lines
    .map((line) => stripVTControlCharacters(line).trimEnd())
    .filter((text) => text && !STACK_TRACE.test(text));
  const first = texts.findIndex((text) => FAILURE.test(text));
  const shown = first < 0 ? texts.slice(-SHOWN_LINES) : texts.slice(first, first + SHOWN_LINES);
  return shown.map((text) => `  ${text}`).join('\n');
}
