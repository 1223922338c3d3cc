import type { Check } from '../contract/contract.ts';

type Relation = 'tighter' | 'wider' | 'different';

/** Whether a check that changed lets fewer or more pass. `different`: some of both, or nobody can say. */
export function compareValues(was: Check, is: Check): Relation {
  switch (is.kind) {
    case 'minimum':
    case 'exclusiveMinimum':
    case 'minLength':
      return directionOf(compareScalars(was.value, is.value));
    case 'maximum':
    case 'exclusiveMaximum':
    case 'maxLength':
      return directionOf(compareScalars(is.value, was.value));
    case 'enum':
      return directionOf(compareSets(is.values, was.values));
    case 'notIn':
      return directionOf(compareSets(was.values, is.values));
    case 'rowCount':
      return compareBounds(was, is);
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

function compareBounds(was: Check, is: Check): Relation {
  const low = (is.min ?? 0) - (was.min ?? 0);
  const high = (was.max ?? Number.MAX_VALUE) - (is.max ?? Number.MAX_VALUE);
  if (low >= 0 && high >= 0) return 'tighter';
  return low <= 0 && high <= 0 ? 'wider' : 'different';
}
