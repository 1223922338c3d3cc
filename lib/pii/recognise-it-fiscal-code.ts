import { isJoinedAfter, isJoinedBefore } from './characters.ts';
import type { Finding, Word } from './finding.ts';

/** Names, year, month and day of birth, town and check letter. Letters stand for digits where two people had the same. */
const FORM = /^[A-Z]{6}[0-9L-NP-V]{2}[A-EHLMPRST][0-9L-NP-V]{2}[A-Z][0-9L-NP-V]{3}[A-Z]$/;
const LENGTH = 16;
/** What characters in odd places count: those of digits 0 to 9, then of letters; a digit counts as its letter. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];
const LETTER_A = 65;

export function recogniseFiscalCode({ text, from, to }: Word): Finding | undefined {
  if (to - from !== LENGTH || isJoinedBefore(text, from) || isJoinedAfter(text, to)) return undefined;
  const code = text.slice(from, to).toUpperCase();
  if (!FORM.test(code)) return undefined;
  return { kind: 'it_fiscal_code', certainty: passes(code) ? 'checked' : 'lookalike', from, to };
}

function passes(code: string): boolean {
  let sum = 0;
  for (let i = 0; i < LENGTH - 1; i++) {
    const value = Number.parseInt(code[i] as string, 36);
    const place = value > 9 ? value - 10 : value;
    sum += i % 2 === 0 ? (ODD[place] as number) : place;
  }
  return sum % 26 === code.charCodeAt(LENGTH - 1) - LETTER_A;
}
