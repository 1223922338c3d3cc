import type { Check, Expectation } from '../contract/contract.ts';
import { usualRange } from '../quality/usual-range.ts';
import { type History, hasHistory, historyKey, pointsOf, seasonAt } from './history.ts';

/** What earlier runs tell of a rule; it is written into the plan, so that who carries it out need not know of history. */
export interface Learnt {
  /** The season as people call it, such as `Thursdays`. */
  readonly season: string;
  readonly points: number;
  /** Of `drift`: the rows in each bucket, of all these runs together. Absent while there are too few. */
  readonly baseline?: readonly number[];
}

export interface Learning {
  readonly learnt?: Learnt;
}

/** A rule with what is usual as its expectation; while history is short it has none, and is met by any number. */
export function withHistory<T extends Check>(
  table: string,
  check: T,
  histories: readonly History[],
  createdAt: string,
): T & Learning {
  if (!check.usual || !hasHistory(check)) return check;
  const { rule, season } = historyKey(table, check, createdAt);
  const history = histories.find((each) => each.table === table && each.rule === rule && each.season === season);
  const points = pointsOf(check, history).map(({ numbers }) => numbers);
  const learnt = { season: seasonAt(check.usual.season, createdAt).words, points: points.length };
  if (points.length < check.usual.minHistory) return { ...check, learnt };
  if (check.kind === 'drift') return { ...check, learnt: { ...learnt, baseline: merged(points) } };
  return { ...check, learnt, expect: usualExpectation(check, check.usual, points.flat()) };
}

function usualExpectation({ measure }: Check, usual: NonNullable<Check['usual']>, numbers: number[]): Expectation {
  if (measure === 'nullShare')
    return { operator: 'mustBeBetween', bounds: usualRange(numbers, usual, 100), unit: 'percent' };
  const [low, high] = usualRange(numbers, usual);
  return { operator: 'mustBeBetween', bounds: [Math.ceil(low), Math.floor(high)], unit: 'rows' };
}

const merged = (sketches: readonly (readonly number[])[]): number[] =>
  (sketches[0] ?? []).map((_, bucket) => sketches.reduce((sum, counts) => sum + (counts[bucket] ?? 0), 0));
