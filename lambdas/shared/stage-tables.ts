import type { ParquetEncoder } from '../../lib/landing/encode-parquet.ts';
import { type HeldBatch, heldBatches } from '../../lib/landing/held-batch.ts';
import type { LandedTable } from '../../lib/landing/landing.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import type { BatchQueue, StagingStore } from './ports.ts';

export interface Staging {
  readonly encode: ParquetEncoder;
  readonly store: StagingStore;
  readonly queue: BatchQueue;
  /** False for what comes out of order, such as a file or a replay: no position tells whether that is committed. */
  readonly ordered: boolean;
  /** True in a replay: its events were accounted for when they were refused. */
  readonly accountedBefore?: boolean;
  /** Tells of a batch that is held, and never fails: the rows are staged by then, and to try again would tell twice. */
  readonly tellHold?: (held: HeldBatch) => Promise<void>;
}

/** A table that could not be staged now; all its records are to be retried. */
export interface StagingFailure {
  readonly table: string;
  readonly lowestSequence: string;
  readonly error: unknown;
}

/** Stages each table and announces it. A table that fails does not hold up the others. */
export async function stageTables(tables: readonly LandedTable[], staging: Staging): Promise<StagingFailure[]> {
  const outcomes = await Promise.all(tables.map((table) => stageTable(table, staging)));
  return outcomes.flat();
}

/** The same for what nothing but its caller tries again, such as a replay: all of it, or it throws. */
export async function stageAll(tables: readonly LandedTable[], staging: Staging): Promise<void> {
  const failures = await stageTables(tables, staging);
  const [first] = failures;
  if (first) throw new Error(`staging ${failures.map(({ table }) => table).join(', ')} failed`, { cause: first.error });
}

async function stageTable(landed: LandedTable, staging: Staging): Promise<StagingFailure[]> {
  try {
    const staged = await staging.store.put(stagedKey(landed), staging.encode(landed));
    await staging.queue.send([batchOf(landed, staged, staging)]);
    // Not before: what cannot be staged now comes again, and may be judged otherwise then.
    await Promise.all(heldBatches(landed).map((held) => staging.tellHold?.(held)));
    return [];
  } catch (error) {
    return [{ table: landed.table, lowestSequence: lowest(landed.positions.map(({ from }) => from)), error }];
  }
}

/** Named after the exact events, so that a retry of the same ones writes the same object and message. */
const stagedKey = ({ table, digest }: LandedTable): string => `staged/${table.replaceAll('.', '/')}/${digest}.parquet`;

const batchOf = (
  { table, count, contractVersion, positions }: LandedTable,
  staged: string,
  { ordered, accountedBefore }: Staging,
): StagedBatch => ({
  version: 1,
  table,
  staged,
  rows: count,
  events: accountedBefore ? 0 : count,
  contractVersion,
  ordered,
  positions: ordered ? positions : [],
});

/** Sequence numbers are compared as numbers: as text, 9 would come after 10. */
const lowest = (sequences: readonly string[]): string => sequences.reduce((a, b) => (BigInt(b) < BigInt(a) ? b : a));

/** The stream retries from the lowest sequence number on, so that is the one it has to be told. */
export function failedItems(failures: readonly StagingFailure[]): { itemIdentifier: string }[] {
  if (failures.length === 0) return [];
  return [{ itemIdentifier: lowest(failures.map(({ lowestSequence }) => lowestSequence)) }];
}
