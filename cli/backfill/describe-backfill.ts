import { type Backfill, type Comparison, type Filled, isUnderWay } from '../../lambdas/shared/backfill-ledger.ts';
import type { Planned } from '../../lambdas/steer-backfill/steer-backfill.ts';
import type { BackfillEstimate } from '../../lib/plan/estimate-backfill.ts';
import { count, plural, table } from '../shared/format.ts';

/** A backfill as `sluice backfill status --json` prints it. */
export interface Seen extends Backfill {
  readonly filled: readonly Filled[];
}

/** What a start would do, without starting it. */
export interface Preview extends Planned {
  readonly events: number;
  readonly estimate: BackfillEstimate;
}

/** One line each, for the list. */
export const backfillTable = (backfills: readonly Seen[]): string =>
  table(
    backfills.map((seen) => ({
      backfill: seen.id,
      table: seen.table,
      from: seen.from.slice(0, 10),
      to: seen.to.slice(0, 10),
      status: seen.status,
      intervals: `${seen.filled.length} of ${seen.intervals.length}`,
      by: seen.by,
      reason: seen.reason,
    })),
  );

/** All that a person wants to know of one. */
export function describeBackfill(seen: Seen): string {
  const { id, kind, status, table: name, source, from, to, intervals, filled, attempt } = seen;
  const total = (of: (each: Filled) => number): string => count(filled.reduce((sum, each) => sum + of(each), 0));
  return [
    `${id}: ${kind} of ${name} from ${source}, ${status}${attempt > 1 ? ` in attempt ${attempt}` : ''}`,
    `event time from ${from} to ${to}`,
    `wished by ${seen.by} at ${seen.createdAt}: ${seen.reason}`,
    `${bar(filled.length, intervals.length)} ${filled.length} of ${plural(intervals.length, 'interval')}: ${total(({ events }) => events)} events, ${total(({ rows }) => rows)} rows, ${total(({ refused }) => refused)} refused`,
    ...(seen.comparison ? [describeComparison(seen, seen.comparison)] : []),
    ...(seen.error === undefined ? [] : [seen.error]),
    ...hintOf(seen),
  ].join('\n');
}

/** How far it has come, in ten parts. */
export function bar(done: number, of: number): string {
  const full = of === 0 ? 10 : Math.floor((10 * done) / of);
  return '█'.repeat(full) + '░'.repeat(10 - full);
}

function describeComparison({ kind, table: name }: Backfill, comparison: Comparison): string {
  const { same, changed, missing, surplus, newer } = comparison;
  const later = newer > 0 ? `; ${count(newer)} are of a later event, and stay` : '';
  if (changed + missing + surplus > 0)
    return `${name}: ${count(changed)} rows were changed, ${count(missing)} added and ${count(surplus)} deleted; ${count(same)} were right${later}`;
  const advice = kind === 'rebuild' ? ', so what is wrong with them is in bronze or in the contract' : '';
  return `${name}: nothing was changed: all ${count(same + newer)} rows are what bronze and the contract make of them${advice}`;
}

function hintOf({ id, status }: Backfill): string[] {
  if (status === 'paused' || status === 'failed')
    return [`\`sluice backfill resume ${id}\` makes what is not made yet, \`sluice backfill cancel ${id}\` drops it`];
  return isUnderWay({ status }) ? [`\`sluice backfill pause ${id}\` stops it`] : [];
}

/** Why more is made again than was asked for. */
export const describeWidened = (name: string): string =>
  `${name}: its rows follow from all events of their keys, of whatever time, so all of it is made again`;

/** What a start would do, interval by interval. */
export function describePreview({ table: name, source, events, intervals, concurrency, estimate }: Preview): string {
  const minutes = estimate.minutes === null ? 'an unknown time' : `${estimate.minutes.toFixed(1)} minutes`;
  const cost = estimate.cost === null ? '' : ` and $${estimate.cost.toFixed(4)}`;
  return [
    `${name}: ${plural(events, 'event')} of ${source} in ${plural(intervals.length, 'interval')}, ${concurrency} at a time; takes ${minutes}${cost}`,
    table(intervals.map(({ index, from, to }) => ({ interval: index, from, to }))),
    'nothing was started',
  ].join('\n');
}
