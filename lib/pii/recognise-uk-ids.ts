import { isDigit, isJoinedAfter, isJoinedBefore, isSpace, isUpper, SPACE } from './characters.ts';
import { passesMod11 } from './check-digits.ts';
import { isNamed, wordsOf } from './context.ts';
import { takeShapes } from './digit-run.ts';
import type { Finding, Word } from './finding.ts';

const NHS_NAMES = wordsOf('nhs|chi number');
const NHS_SHAPES = [[3, 3, 4], [10]];

/** One of eleven numbers of ten digits passes: without its name it is one of many things. */
export function recogniseNhsNumber(word: Word): Finding | undefined {
  const number = takeShapes(word.text, word.run, NHS_SHAPES);
  if (!number) return undefined;
  const finding = { kind: 'uk_nhs', from: word.from, to: number.to } as const;
  if (!passesMod11(number.digits) || /^0+$/.test(number.digits)) return { ...finding, certainty: 'lookalike' };
  return { ...finding, certainty: isNamed(word, NHS_NAMES) ? 'checked' : 'possible' };
}

const NINO_NAMES = wordsOf('nino|ni no|ni number|national insurance');
/** Two letters, six digits, A to D; DFIQUV do not begin it, O is not its second letter, and six pairs are not given out. */
const NINO = /^(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]\d{6}[A-D]$/;
const LIKE_NINO = /^[A-Z]{2}\d{6}[A-Z]$/;

/** Without a checksum: its own spacing, or its name, has to speak for it. */
export function recogniseNino(word: Word): Finding | undefined {
  const { text, to } = word;
  const spaced = isSpace(text.charCodeAt(word.from - 1)) ? spacedNino(word, word.from - 3) : undefined;
  if (spaced) return { kind: 'uk_nino', certainty: 'checked', ...spaced };
  if (to - word.from !== 9 || !LIKE_NINO.test(text.slice(word.from, to))) return undefined;
  if (isJoinedBefore(text, word.from) || isJoinedAfter(text, to)) return undefined;
  const finding = { kind: 'uk_nino', from: word.from, to } as const;
  if (!NINO.test(text.slice(word.from, to))) return { ...finding, certainty: 'lookalike' };
  return { ...finding, certainty: isNamed(word, NINO_NAMES) ? 'contextual' : 'possible' };
}

/** `AB 12 34 56 C`, begun before the word that has its first digit. */
function spacedNino({ text, after }: Word, from: number) {
  const to = from + 13;
  if (from < after || !isUpper(text.charCodeAt(from)) || !isDigit(text.charCodeAt(from + 3))) return undefined;
  if (isJoinedBefore(text, from) || isJoinedAfter(text, to)) return undefined;
  for (const space of [2, 5, 8, 11]) if (text.charCodeAt(from + space) !== SPACE) return undefined;
  return NINO.test(text.slice(from, to).replaceAll(' ', '')) ? { from, to } : undefined;
}
