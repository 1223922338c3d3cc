import type { TimeRange } from '../../lib/plan/backfill-plan.ts';
import type { Dialect, Query } from '../query/run-query.ts';

/** The events of a range, and between which times they lie; null when there are none. */
export interface Measured {
  readonly events: number;
  readonly dense: TimeRange;
}

/** Counts what a bronze table holds of a range of event time. */
export async function measureRange(
  query: Query,
  { micros }: Pick<Dialect, 'micros'>,
  table: string,
  { from, to }: TimeRange,
): Promise<Measured | null> {
  const time = micros('_event_time');
  const [found] = await query(
    `select count(*) as events, min(${time}) as earliest, max(${time}) as latest from ${table.replace('.', '_')}
     where ${time} >= ${1000 * Date.parse(from)} and ${time} < ${1000 * Date.parse(to)}`,
  );
  const events = Number(found?.events ?? 0);
  if (events === 0) return null;
  // Whole milliseconds, of which the last is to lie inside.
  const at = (value: unknown, milliseconds: number) =>
    new Date(Math.floor(Number(value) / 1000) + milliseconds).toISOString();
  return { events, dense: { from: at(found?.earliest, 0), to: at(found?.latest, 1) } };
}
