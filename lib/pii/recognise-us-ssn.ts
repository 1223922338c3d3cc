import { isNamed, wordsOf } from './context.ts';
import { takeShapes } from './digit-run.ts';
import type { Finding, Word } from './finding.ts';

const NAMES = wordsOf('ssn|ssns|social security|soc sec');
/** Printed on sample cards, and void ever since. */
const VOID = new Set(['078051120', '219099999', '457555462']);
const DASH = '-';

/** It has no checksum, but areas that were never given out; and hardly anything else is written as 3-2-4 with dashes. */
export function recogniseSsn(word: Word): Finding | undefined {
  const grouped = takeShapes(word.text, word.run, [[3, 2, 4]]);
  const number = grouped ?? takeShapes(word.text, word.run, [[9]]);
  if (!number) return undefined;
  const finding = { kind: 'us_ssn', from: word.from, to: number.to } as const;
  if (!isGivenOut(number.digits)) return grouped ? { ...finding, certainty: 'lookalike' } : undefined;
  if (grouped && word.text[word.from + 3] === DASH) return { ...finding, certainty: 'checked' };
  return isNamed(word, NAMES) ? { ...finding, certainty: 'contextual' } : undefined;
}

function isGivenOut(digits: string): boolean {
  const [area, group, serial] = [digits.slice(0, 3), digits.slice(3, 5), digits.slice(5)];
  return area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000' && !VOID.has(digits);
}
