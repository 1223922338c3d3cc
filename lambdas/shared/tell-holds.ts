import type { LandedTable } from '../../lib/landing/landing.ts';
import type { MetricSink } from './ports.ts';
import { logger } from './telemetry.ts';

/** Tells of each table whose batch is held: whose it is, and which columns seem to hold what. No value is told. */
export function tellHolds(tables: readonly LandedTable[], metrics: MetricSink): void {
  for (const { table, owner, events, suspects } of tables.flatMap(({ holds = [] }) => holds)) {
    const columns = suspects.map(({ column, kind }) => `${column}: ${kind}`);
    logger.warn('held for personal data that the contract does not declare', { table, owner, events, columns });
    metrics.add('EventsHeld', 'Count', events);
  }
}
