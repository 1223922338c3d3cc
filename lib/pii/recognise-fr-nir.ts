import { isAlphanumeric, isDigit, isJoinedAfter, isJoinedBefore, isSpace } from './characters.ts';
import { mod97 } from './check-digits.ts';
import type { Finding, Word } from './finding.ts';

/** Sex, year and month of birth, department, commune, number, and the key of two digits. */
const NIR = /^[12]\d\d(?:0[1-9]|1[0-2]|[2-3]\d|4[0-2]|[5-9]\d)(?:\d\d|2[AB])\d{6}\d\d$/;
const [LENGTH, KEY_FROM] = [15, 13];
const GROUPED_FROM = [1, 3, 5, 7, 10, 13];

/** The key is what the number lacks to a multiple of 97; Corsica's 2A and 2B count as 19 and 18. */
export function recogniseNir({ text, from }: Word): Finding | undefined {
  if (!isDigit(text.charCodeAt(from)) || isJoinedBefore(text, from)) return undefined;
  const taken = take(text, from);
  if (!taken || isJoinedAfter(text, taken.to) || !NIR.test(taken.nir)) return undefined;
  const number = taken.nir.slice(0, KEY_FROM).replace('2A', '19').replace('2B', '18');
  const passes = 97 - mod97(number) === Number(taken.nir.slice(KEY_FROM));
  return { kind: 'fr_nir', certainty: passes ? 'checked' : 'lookalike', from, to: taken.to };
}

/** As one word, with its key apart, or in its own groups. */
function take(text: string, from: number): { nir: string; to: number } | undefined {
  let [nir, at] = ['', from];
  while (nir.length < LENGTH) {
    if (isSpace(text.charCodeAt(at)) && GROUPED_FROM.includes(nir.length)) at++;
    if (!isAlphanumeric(text.charCodeAt(at))) return undefined;
    nir += text[at++];
  }
  return { nir, to: at };
}
