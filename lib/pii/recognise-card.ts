import { passesLuhn } from './check-digits.ts';
import { takeShapes } from './digit-run.ts';
import type { Finding, Word } from './finding.ts';

/** As cards show their numbers, the longest first, since a shorter one is its beginning. */
const SHAPES = [[4, 4, 4, 4, 3], [4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [19], [18], [17], [16], [15], [14]];

/** First digits that an issuer has, from and to, and how long its numbers are. Those of 13 digits are gone, and would be taken for EANs. */
const ISSUERS: readonly (readonly [from: number, to: number, lengths: readonly number[]])[] = [
  [4, 4, [16, 19]], // Visa
  [51, 55, [16]], // Mastercard
  [2221, 2720, [16]],
  [34, 34, [15]], // American Express
  [37, 37, [15]],
  [300, 305, [14, 16]], // Diners Club
  [36, 36, [14, 16]],
  [38, 39, [14, 16]],
  [6011, 6011, [16, 19]], // Discover
  [644, 649, [16, 19]],
  [65, 65, [16, 19]],
  [3528, 3589, [16, 17, 18, 19]], // JCB
  [1800, 1800, [15]],
  [2131, 2131, [15]],
  [62, 62, [16, 17, 18, 19]], // UnionPay
  [50, 50, [16, 18, 19]], // Maestro
  [56, 58, [16, 18, 19]],
  [6304, 6304, [16, 18, 19]],
  [6759, 6763, [16, 18, 19]],
];

export function recogniseCard(word: Word): Finding | undefined {
  const number = takeShapes(word.text, word.run, SHAPES);
  if (!number) return undefined;
  const passes = isIssued(number.digits) && passesLuhn(number.digits) && !isOneDigit(number.digits);
  return { kind: 'card', certainty: passes ? 'checked' : 'lookalike', from: word.from, to: number.to };
}

const isIssued = (digits: string): boolean =>
  ISSUERS.some(([from, to, lengths]) => {
    const prefix = Number(digits.slice(0, String(from).length));
    return prefix >= from && prefix <= to && lengths.includes(digits.length);
  });

/** What people type to fill a field. */
const isOneDigit = (digits: string): boolean => digits === (digits[0] as string).repeat(digits.length);
