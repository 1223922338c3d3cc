import type { HeldBatch } from '../../lib/landing/held-batch.ts';
import type { EventBus, MetricSink } from './ports.ts';
import { logger } from './telemetry.ts';

/**
 * Tells the log, the alarm and the owner that a batch is held: whose it is, and which columns seem to hold what. No value
 * is told. The bus is the last and only a hint: a batch that it does not learn of is held all the same.
 */
export const holdTeller =
  (metrics: MetricSink, bus: Pick<EventBus, 'batchHeld'>) =>
  async (held: HeldBatch): Promise<void> => {
    const { table, owner, events } = held;
    const columns = held.columns.map(({ column, kind }) => `${column}: ${kind}`);
    logger.warn('held for personal data that the contract does not declare', { table, owner, events, columns });
    metrics.add('EventsHeld', 'Count', events);
    try {
      await bus.batchHeld(held);
    } catch (error) {
      logger.error(`the owner of ${table} was not told that a batch is held`, error as Error);
    }
  };
