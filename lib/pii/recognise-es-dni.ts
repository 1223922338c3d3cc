import { DASH, isDigit, isJoinedAfter, isJoinedBefore } from './characters.ts';
import type { Finding, Word } from './finding.ts';

/** Letter of the rest by 23. */
const LETTERS = 'TRWAGMYFPDXBNJZSQVHLCKE';
/** A DNI has eight digits; in an NIE, X, Y or Z stands for the first. */
const FORM = /(?:(\d{2}\.?\d{3}\.?\d{3})|([XYZ])-?(\d{7}))-?([A-Z])/y;
const FIRST = 'XYZ';

export function recogniseDni(word: Word): Finding | undefined {
  const { text, after } = word;
  const isSplit = text.charCodeAt(word.from - 1) === DASH && FIRST.includes(text[word.from - 2] ?? ' ');
  const from = isSplit ? word.from - 2 : word.from;
  if (!isDigit(text.charCodeAt(from)) && !FIRST.includes(text[from] as string)) return undefined;
  FORM.lastIndex = from;
  const [found, digits, first, rest, letter] = FORM.exec(text) ?? [];
  if (!found || from < after || isJoinedBefore(text, from) || isJoinedAfter(text, from + found.length))
    return undefined;
  const number = digits?.replaceAll('.', '') ?? `${FIRST.indexOf(first as string)}${rest}`;
  const certainty = LETTERS[Number(number) % LETTERS.length] === letter ? 'checked' : 'lookalike';
  return { kind: 'es_dni', certainty, from, to: from + found.length };
}
