import type { Word } from './finding.ts';

/** How far before a value the words stand that name it. */
const REACH = 40;

/** @param alternatives plain words, parted by `|`: a test takes no longer than its text. */
export const wordsOf = (alternatives: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\d])(?:${alternatives})(?!\\p{L})`, 'u');

/** Whether one of the words stands shortly before a value, or in the name of its column. */
export function isNamed({ text, from, after, hint }: Word, words: RegExp): boolean {
  return words.test(hint) || words.test(text.slice(Math.max(after, from - REACH), from).toLowerCase());
}
