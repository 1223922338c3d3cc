import { DASH, isJoinedAfter, isJoinedBefore } from './characters.ts';
import type { Finding, Word } from './finding.ts';

/** Letter of the rest by 23. */
const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
/** A DNI has eight digits; in an NIE, X, Y or Z stands for the first. */
const FORM = /^(?:(\d{2}\.?\d{3}\.?\d{3})|([XYZ])-?(\d{7}))-?([A-Z])$/;
const [SHORTEST, LONGEST] = [9, 12];

export function recogniseDni({ text, ...word }: Word): Finding | undefined {
  const from = text.charCodeAt(word.from - 1) === DASH ? word.from - 2 : word.from;
  if (from < word.after) return undefined;
  for (let length = LONGEST; length >= SHORTEST; length--) {
    const [found, digits, first, rest, letter = ''] = FORM.exec(text.slice(from, from + length)) ?? [];
    if (found?.length !== length || isJoinedBefore(text, from) || isJoinedAfter(text, from + length)) continue;
    const number = digits?.replaceAll('.', '') ?? `${'XYZ'.indexOf(first as string)}${rest}`;
    const certainty = LETTERS[Number(number) % LETTERS.length] === letter ? 'checked' : 'lookalike';
    return { kind: 'es_dni', certainty, from, to: from + length };
  }
  return undefined;
}
