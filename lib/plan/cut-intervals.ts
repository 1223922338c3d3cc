import type { Interval, TimeRange } from './backfill-plan.ts';

/** When the next day, month, year or decade begins, UTC. */
const NEXT: readonly ((year: number, month: number, day: number) => number)[] = [
  (year, month, day) => Date.UTC(year, month, day + 1),
  (year, month) => Date.UTC(year, month + 1),
  (year) => Date.UTC(year + 1, 0),
  (year) => Date.UTC(year - (year % 10) + 10, 0),
];

/**
 * Cuts a range at midnights UTC into days, or into months, years or decades where that would be more parts than `most`.
 * @param dense where nearly all events lie, if that is known: elsewhere a cut would be worth no job
 */
export function cutIntervals(range: TimeRange, most: number, dense: TimeRange = range): Interval[] {
  const [from, to] = [Date.parse(range.from), Date.parse(range.to)];
  const [first, last] = [Math.max(from, Date.parse(dense.from)), Math.min(to, Date.parse(dense.to))];
  const cuts = NEXT.map((next) => cutsBetween(first, last, next, most)).find((each) => each.length < most) ?? [];
  const borders = [from, ...cuts, to].map((time) => new Date(time).toISOString());
  return borders.slice(1).map((end, index) => ({ index, from: borders[index] ?? range.from, to: end }));
}

/** The beginnings of parts between two times, and as many of them as are of interest. */
function cutsBetween(first: number, last: number, next: (typeof NEXT)[number], most: number): number[] {
  const cuts: number[] = [];
  const after = (time: number): number => {
    const date = new Date(time);
    return next(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  };
  for (let cut = after(first); cut < last && cuts.length < most; cut = after(cut)) cuts.push(cut);
  return cuts;
}
