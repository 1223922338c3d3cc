import { isDigit, isJoinedAfter, isJoinedBefore, isWordPart, PLUS } from './characters.ts';
import { isNamed, wordsOf } from './context.ts';
import type { Finding, Word } from './finding.ts';
import { internationalLengths, isNational } from './phone-plans.ts';

const NAMES = wordsOf(
  'phones?|telephone|tel|mobile|cell|call|fax|whatsapp|sms|telefon|telefonnummer|fon|handy|handynummer|rufnummer|' +
    'mobil|téléphone|portable|teléfono|telefono|móvil|movil|cellulare|celular',
);
const MAX_DIGITS = 15;
const [OPEN, AREA, MAX_AREA] = ['(', /^\d{2,5}\)/, 5];
const SEPARATORS = new Set([' ', '\u00a0', '-', '.', '/', '(', ')']);
/** `) ` and ` (` are the longest of them. */
const MAX_SEPARATOR = 2;

/** Digits as they were dialled, without what stands between them, and where each of them ends. */
interface Dialled {
  readonly digits: string;
  readonly ends: readonly number[];
}

/** A number with `+` and its country speaks for itself; one of a country needs its name, or brackets round its area. */
export function recognisePhone(word: Word): Finding | undefined {
  const { text, from } = word;
  if (!isDigit(text.charCodeAt(from))) return undefined;
  if (text.charCodeAt(from - 1) === PLUS)
    return isWordPart(text.charCodeAt(from - 2)) ? undefined : international(word);
  const isBracketed = text[from - 1] === OPEN && AREA.test(text.slice(from, from + MAX_AREA + 1));
  if (!isBracketed && (isJoinedBefore(text, from) || !isNamed(word, NAMES))) return undefined;
  const { digits, ends } = dial(text, from);
  const to = ends.at(-1) as number;
  if (isJoinedAfter(text, to) || !isNational(digits)) return undefined;
  return { kind: 'phone', certainty: 'contextual', from: isBracketed ? from - 1 : from, to };
}

function international({ text, from }: Word): Finding | undefined {
  const { digits, ends } = dial(text, from);
  const lengths = internationalLengths(digits);
  if (!lengths) return undefined;
  const [shortest, longest] = lengths;
  // `(0)` is dialled at home only, and counted here.
  const count = Math.min(digits.length, longest + (text.slice(from, ends.at(-1)).includes('(0)') ? 1 : 0));
  const to = ends[count - 1];
  if (count < shortest || to === undefined || isJoinedAfter(text, to)) return undefined;
  return { kind: 'phone', certainty: 'checked', from: from - 1, to };
}

function dial(text: string, from: number): Dialled {
  const ends: number[] = [];
  let [digits, at, between] = ['', from, 0];
  while (digits.length < MAX_DIGITS && between <= MAX_SEPARATOR) {
    if (isDigit(text.charCodeAt(at))) {
      digits += text[at];
      ends.push(at + 1);
      between = 0;
    } else if (SEPARATORS.has(text[at] ?? '')) between++;
    else break;
    at++;
  }
  return { digits, ends };
}
