import type { Word } from './finding.ts';

/** How far before a value the words stand that name it. */
const REACH = 40;
/** Names of columns that are remembered. */
const MAX_KNOWN = 1000;

/** Words that name a value. */
export interface Names {
  readonly words: RegExp;
  /** Names of columns, and whether one of the words is in them: the same few come again and again. */
  readonly known: Map<string, boolean>;
}

/** @param alternatives plain words, parted by `|`: a test takes no longer than its text. */
export const wordsOf = (alternatives: string): Names => ({
  words: new RegExp(`(?<![\\p{L}\\d])(?:${alternatives})(?!\\p{L})`, 'u'),
  known: new Map(),
});

/** Whether one of the words stands shortly before a value, or in the name of its column. */
export function isNamed({ text, from, after, hint }: Word, names: Names): boolean {
  const start = Math.max(after, from - REACH);
  return isHinted(hint, names) || (start < from && names.words.test(text.slice(start, from).toLowerCase()));
}

function isHinted(hint: string, { words, known }: Names): boolean {
  const answer = known.get(hint) ?? words.test(hint);
  if (known.size === MAX_KNOWN) known.clear();
  known.set(hint, answer);
  return answer;
}
