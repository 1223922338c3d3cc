import { isAlphanumeric, isDigit, isJoinedAfter, isJoinedBefore, isLetter, isSpace } from './characters.ts';
import { mod97 } from './check-digits.ts';
import type { Finding, Word } from './finding.ts';

/** Characters of an IBAN by country, as ISO 13616 registers them. */
const LENGTHS: ReadonlyMap<string, number> = new Map(
  Object.entries({
    15: 'NO',
    16: 'BE',
    18: 'DK FI FK FO GL NL SD',
    19: 'MK SI',
    20: 'AT BA EE KZ LT LU MN XK',
    21: 'CH HR LI LV',
    22: 'BG BH CR DE GB GE IE ME RS VA',
    23: 'AE GI IL IQ OM SO TL',
    24: 'AD CZ ES MD PK RO SA SE SK TN VG',
    25: 'LY PT ST',
    26: 'IS TR',
    27: 'BI DJ FR GR IT MC MR SM',
    28: 'AL AZ BY CY DO GT HU LB NI PL SV',
    29: 'BR EG PS QA UA',
    30: 'JO KW MU YE',
    31: 'MT SC',
    32: 'LC',
    33: 'RU',
  }).flatMap(([length, countries]) => countries.split(' ').map((country) => [country, Number(length)] as const)),
);

/** Written as one word, or in groups of four; cut where its country's ends, since what follows may be another word. */
export function recogniseIban({ text, from }: Word): Finding | undefined {
  if (!isCountryAndCheck(text, from) || isJoinedBefore(text, from)) return undefined;
  const length = LENGTHS.get(text.slice(from, from + 2).toUpperCase());
  const taken = length ? take(text, from, length) : undefined;
  if (!taken || isJoinedAfter(text, taken.to)) return undefined;
  const passes = mod97(taken.iban.slice(4) + taken.iban.slice(0, 4)) === 1;
  return { kind: 'iban', certainty: passes ? 'checked' : 'lookalike', from, to: taken.to };
}

const isCountryAndCheck = (text: string, from: number): boolean =>
  isLetter(text.charCodeAt(from)) &&
  isLetter(text.charCodeAt(from + 1)) &&
  isDigit(text.charCodeAt(from + 2)) &&
  isDigit(text.charCodeAt(from + 3));

function take(text: string, from: number, length: number): { iban: string; to: number } | undefined {
  const isGrouped = isSpace(text.charCodeAt(from + 4));
  let [iban, at] = ['', from];
  while (iban.length < length) {
    if (isGrouped && iban.length > 0 && iban.length % 4 === 0) {
      if (!isSpace(text.charCodeAt(at))) return undefined;
      at++;
    }
    if (!isAlphanumeric(text.charCodeAt(at))) return undefined;
    iban += text[at++];
  }
  return { iban, to: at };
}
