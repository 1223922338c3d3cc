import type { StagedBatch } from './staged-batch.ts';

/** A staged batch that no commit has taken yet, as the ledger remembers it. Times are ISO 8601, UTC. */
export interface HandOver {
  readonly batch: StagedBatch;
  readonly handedOverAt: string;
  /** When its last message was sent. */
  readonly announcedAt: string;
  /** How many messages were sent after the first. */
  readonly announcements: number;
}
