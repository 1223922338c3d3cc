import { readFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** Commands of a guide, and what it says that one sees. */
export interface Block {
  readonly section: string;
  readonly commands: string;
  readonly seen: readonly string[];
}

/** Commands stand in a block of `sh`; a block without a language right after it is what one sees. */
const BLOCK = /^```sh\n([\s\S]*?)^```$(?:\n+^```\n([\s\S]*?)^```$)?/gm;

/** A guide's commands in their order, each with the heading that it stands under. */
export function readGuide(guide: string): Block[] {
  const [, ...sections] = readFileSync(path.join(ROOT, guide), 'utf8').split(/^## /m);
  return sections.flatMap((text) => {
    const section = text.slice(0, text.indexOf('\n'));
    return [...text.matchAll(BLOCK)].map(([, commands = '', seen = '']) => ({
      section,
      commands,
      seen: seen.split('\n').filter((line) => line !== ''),
    }));
  });
}

/** The commands as bash takes them in a folder of the project, without what npx takes to find the program. */
export const scriptOf = (commands: string): string =>
  commands.replaceAll('npx sluice', `'${process.execPath}' bin/sluice.mjs`);

/** A line that one sees: `…` and `<names>` stand for anything, and spaces for any number of them. */
export function patternOf(line: string): RegExp {
  const parts = line.trim().split(/…|<[a-z ]+>/);
  const escaped = parts.map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/ +/g, ' +'));
  return new RegExp(escaped.join('.*'));
}
