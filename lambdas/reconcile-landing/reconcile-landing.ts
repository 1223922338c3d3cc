import type { HandOver } from '../../lib/landing/hand-over.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import type { BatchQueue, HandOvers, MetricSink, QueueDepth } from '../shared/ports.ts';
import { decideAnnouncements } from './decide-announcements.ts';

export interface Reconciler {
  readonly domain: string;
  readonly graceMinutes: number;
  readonly handOvers: HandOvers;
  readonly queue: BatchQueue & QueueDepth;
  readonly metrics: MetricSink;
}

export interface Reconciled {
  readonly waiting: number;
  readonly announced: number;
  readonly stranded: number;
}

/** Messages are hints: what was staged and no commit has taken is announced again. */
export async function reconcileLanding(reconciler: Reconciler, now: Date): Promise<Reconciled> {
  const { domain, graceMinutes, handOvers, queue, metrics } = reconciler;
  // The queue first: a batch that is committed in between then makes one message too few, not one too many.
  const queued = await queue.depth();
  const waiting = await handOvers.waiting(domain);
  const { due, stranded } = decideAnnouncements({ waiting, queued, now, graceMinutes });
  const announced = await announceAll(reconciler, due, now);
  metrics.add('BatchesAnnounced', 'Count', announced);
  metrics.add('BatchesStranded', 'Count', stranded);
  return { waiting: waiting.length, announced, stranded };
}

/** Counted first: whoever dies in between costs a pause, not a message for ever. */
async function announceAll({ handOvers, queue }: Reconciler, due: readonly HandOver[], now: Date): Promise<number> {
  const counted = await Promise.all(due.map((each) => handOvers.countAnnouncement(each, now.toISOString())));
  const batches = due.filter((_, index) => counted[index]).map(again);
  await queue.send(batches);
  return batches.length;
}

/**
 * Out of order by now, so that its rows are looked up. The number makes it another message to the queue, which drops
 * repetitions.
 */
const again = ({ batch, announcements }: HandOver): StagedBatch => ({
  ...batch,
  ordered: false,
  announcement: announcements + 1,
});
