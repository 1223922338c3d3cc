import type { Check, Expectation } from '../contract/contract.ts';

type Relation = 'tighter' | 'wider' | 'different';

/** Whether a check that changed lets fewer or more pass. `different`: some of both, or nobody can say. */
export function compareValues(was: Check, is: Check): Relation {
  if (isSame(valuesOf(was), valuesOf(is))) return compareExpectations(was.expect, is.expect);
  return isSame(was.expect, is.expect) ? compareQuestions(was, is) : 'different';
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
const valuesOf = ({ id, name, onFailure, blockAbovePercent, expect, ...question }: Check) => question;

function compareQuestions(was: Check, is: Check): Relation {
  switch (is.kind) {
    case 'minimum':
    case 'exclusiveMinimum':
    case 'minLength':
    case 'minItems':
      return directionOf(compareScalars(was.value, is.value));
    case 'maximum':
    case 'exclusiveMaximum':
    case 'maxLength':
    case 'maxItems':
      return directionOf(compareScalars(is.value, was.value));
    case 'enum':
      return directionOf(compareSets(is.values, was.values));
    case 'notIn':
    case 'notMissing':
      return directionOf(compareSets(was.values, is.values));
    default:
      return 'different';
  }
}

const directionOf = (order: number | undefined): Relation =>
  order === undefined || order === 0 ? 'different' : order > 0 ? 'tighter' : 'wider';

/** Above 0 when the second is larger; numbers exactly, since they are text, and times as instants. */
function compareScalars(first = '', second = ''): number | undefined {
  const [a, b] = [scaled(first), scaled(second)];
  if (a !== undefined && b !== undefined) return Number(b > a) - Number(b < a);
  const difference = Date.parse(second) - Date.parse(first);
  return Number.isNaN(difference) ? undefined : difference;
}

const SCALE = 40;

/** A decimal number as a whole one of a fixed scale. */
function scaled(text: string): bigint | undefined {
  const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(text) ?? [];
  if (whole === undefined || fraction.length > SCALE) return undefined;
  const size = BigInt(whole + fraction.padEnd(SCALE, '0'));
  return sign ? -size : size;
}

/** Above 0 when the second holds all of the first and more. */
function compareSets(first: readonly string[] = [], second: readonly string[] = []): number | undefined {
  const holdsFirst = first.every((each) => second.includes(each));
  const holdsSecond = second.every((each) => first.includes(each));
  return holdsFirst || holdsSecond ? Number(holdsFirst) - Number(holdsSecond) : undefined;
}

/** Where nothing is said, no row may fail. */
const NONE: Expectation = { operator: 'mustBe', bounds: [0], unit: 'rows' };

function compareExpectations(was = NONE, is = NONE): Relation {
  const [before, after] = [rangeOf(was), rangeOf(is)];
  if (was.unit !== is.unit || !before || !after) return 'different';
  const low = after.low - before.low || Number(after.isOpen) - Number(before.isOpen);
  const high = before.high - after.high || Number(after.isOpenAbove) - Number(before.isOpenAbove);
  if (low >= 0 && high >= 0) return 'tighter';
  return low <= 0 && high <= 0 ? 'wider' : 'different';
}

interface Range {
  readonly low: number;
  readonly high: number;
  /** Whether the end itself is left out. */
  readonly isOpen: boolean;
  readonly isOpenAbove: boolean;
}

/** Undefined for what has a hole in it. */
function rangeOf({ operator, bounds: [first = 0, second = first] }: Expectation): Range | undefined {
  const end = Number.MAX_VALUE;
  const closed = { low: -end, high: end, isOpen: false, isOpenAbove: false };
  switch (operator) {
    case 'mustBe':
    case 'mustBeBetween':
      return { ...closed, low: first, high: second };
    case 'mustBeGreaterThan':
      return { ...closed, low: first, isOpen: true };
    case 'mustBeGreaterOrEqualTo':
      return { ...closed, low: first };
    case 'mustBeLessThan':
      return { ...closed, high: first, isOpenAbove: true };
    case 'mustBeLessOrEqualTo':
      return { ...closed, high: first };
    default:
      return undefined;
  }
}
