import { DASH, isDigit, isJoinedAfter, isJoinedBefore, isSpace } from './characters.ts';

/** The longest number that is known has 19 digits in 7 groups. */
const [MAX_GROUPS, MAX_DIGITS] = [8, 24];

/** A long number as people write it: groups of digits, parted by one and the same sign. */
export interface DigitRun {
  readonly digits: string;
  /** Length of each group. */
  readonly groups: readonly number[];
  /** Where each group ends in the text. */
  readonly ends: readonly number[];
}

/** Undefined when the word is not all digits, or goes on to the left. */
export function digitRunOf(text: string, from: number, to: number): DigitRun | undefined {
  if (!isDigit(text.charCodeAt(from)) || isJoinedBefore(text, from) || groupEnd(text, from) !== to) return undefined;
  const separator = text.charCodeAt(to);
  const [groups, ends] = [[to - from], [to]];
  let [digits, end] = [text.slice(from, to), to];
  while (isSeparator(separator) && text.charCodeAt(end) === separator && isDigit(text.charCodeAt(end + 1))) {
    if (groups.length === MAX_GROUPS || digits.length > MAX_DIGITS) break;
    const start = end + 1;
    end = groupEnd(text, start);
    digits += text.slice(start, end);
    groups.push(end - start);
    ends.push(end);
  }
  return { digits, groups, ends };
}

/** The number that the first groups make when they have one of these shapes, and nothing follows that belongs to it. */
export function takeShapes(text: string, run: DigitRun | undefined, shapes: readonly (readonly number[])[]) {
  for (const shape of run ? shapes : []) {
    const taken = takeShape(text, run as DigitRun, shape);
    if (taken) return taken;
  }
  return undefined;
}

function takeShape(text: string, { digits, groups, ends }: DigitRun, shape: readonly number[]) {
  if (shape.some((length, index) => groups[index] !== length)) return undefined;
  const to = ends[shape.length - 1] as number;
  if (isJoinedAfter(text, to)) return undefined;
  return {
    digits: digits.slice(
      0,
      shape.reduce((sum, length) => sum + length, 0),
    ),
    to,
  };
}

function groupEnd(text: string, from: number): number {
  let to = from;
  while (isDigit(text.charCodeAt(to)) && to - from <= MAX_DIGITS) to++;
  return to;
}

const isSeparator = (code: number): boolean => isSpace(code) || code === DASH;
