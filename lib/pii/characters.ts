const [ZERO, NINE, UPPER_A, UPPER_Z, LOWER_A, LOWER_Z] = [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a];
/** Beyond ASCII, all but a few spaces and dashes are parts of words. */
const [FIRST_FOREIGN, NO_BREAK_SPACE, PUNCTUATION_FROM, PUNCTUATION_TO] = [0xaa, 0xa0, 0x2000, 0x206f];
export const [SPACE, DASH, DOT, AT, PLUS] = [0x20, 0x2d, 0x2e, 0x40, 0x2b];
const [UNDERSCORE, SLASH, BACKSLASH] = [0x5f, 0x2f, 0x5c];

/** All take what `charCodeAt` gives: a number, NaN beyond the ends. */
export const isDigit = (code: number): boolean => code >= ZERO && code <= NINE;
export const isUpper = (code: number): boolean => code >= UPPER_A && code <= UPPER_Z;
export const isLetter = (code: number): boolean => isUpper(code) || (code >= LOWER_A && code <= LOWER_Z);
export const isAlphanumeric = (code: number): boolean => isDigit(code) || isLetter(code);
export const isSpace = (code: number): boolean => code === SPACE || code === NO_BREAK_SPACE;

const isForeignLetter = (code: number): boolean =>
  code >= FIRST_FOREIGN && !(code >= PUNCTUATION_FROM && code <= PUNCTUATION_TO);

export const isWordPart = (code: number): boolean => isAlphanumeric(code) || isForeignLetter(code);

const isJoiner = (code: number): boolean =>
  code === DASH || code === DOT || code === UNDERSCORE || code === SLASH || code === BACKSLASH || code === AT;

/** Whether a word goes on to the left: part of a UUID, a path, a decimal or a longer number is no number of its own. */
export function isJoinedBefore(text: string, from: number): boolean {
  const before = text.charCodeAt(from - 1);
  return isWordPart(before) || (isJoiner(before) && isWordPart(text.charCodeAt(from - 2)));
}

/** The same to the right. A full stop, or a slash between two values, ends it. */
export function isJoinedAfter(text: string, to: number): boolean {
  const after = text.charCodeAt(to);
  if (after === AT || after === UNDERSCORE || isWordPart(after)) return true;
  return (after === DASH || after === DOT) && isWordPart(text.charCodeAt(to + 1));
}
