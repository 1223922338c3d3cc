import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import type { BatchQueue, HandOvers } from './ports.ts';

/** Remembers a batch before its message goes out, so that the reconciler knows what a lost message said. */
export class RecordedQueue implements BatchQueue {
  private readonly handOvers: HandOvers;
  private readonly queue: BatchQueue;

  constructor(handOvers: HandOvers, queue: BatchQueue) {
    this.handOvers = handOvers;
    this.queue = queue;
  }

  async send(batches: readonly StagedBatch[]): Promise<void> {
    await this.handOvers.record(batches);
    await this.queue.send(batches);
  }
}
