import type { Row } from '../../lib/landing/row.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';

/**
 * What `lambdas/commit-batches/commit_batches.py` decides, in TypeScript: `plan_append` over the same data gives the
 * same answer, which shared vectors prove. Change the two together.
 */

/** What a table's transactions say at one version. */
export interface Committed {
  readonly version: number;
  readonly rows: number;
  readonly accounted: number;
  position(shard: string): bigint;
  txn(appId: string): number;
}

export interface StagedRows {
  readonly batch: StagedBatch;
  readonly rows: readonly Row[];
}

/** The next version of a table. */
export interface Append {
  /** Row by row, for each batch. */
  readonly kept: readonly (readonly boolean[])[];
  readonly positions: ReadonlyMap<string, bigint>;
  readonly txns: ReadonlyMap<string, number>;
  readonly count: number;
  readonly events: number;
}

/** Which of these keys the table holds. */
export type Lookup = (keys: ReadonlySet<string>) => ReadonlySet<string>;

/** The rules of the decision, one by one, so that a mutant can break each. */
export interface CommitRules {
  /** What a row is known by. */
  readonly keyOf: (row: Row, batch: StagedBatch) => string;
  /** Whether neither the table nor an earlier batch can hold a row of this batch, so that none is looked up. */
  readonly isAbove: (batch: StagedBatch, before: Before) => boolean;
  /** What the table says of the rows of any other batch. */
  readonly lookUp: (keys: ReadonlySet<string>, present: Lookup, batch: StagedBatch) => ReadonlySet<string>;
  /** Whether an earlier batch of the same commit counts as well. */
  readonly remembersEarlierBatches: boolean;
  /** How far a batch moves the positions of its shards. */
  readonly reached: (batch: StagedBatch, rows: readonly Row[]) => ReadonlyMap<string, bigint>;
}

export interface Before {
  position(shard: string): bigint;
  txn(appId: string): number;
}

export const placeKey = (row: Row): string => `${row._shard}|${row._sequence}`;

export const isQuarantine = (table: string): boolean => table.endsWith('.ops.quarantine');

/** The number of a record in its shard. */
export const recordNumber = (row: Row): bigint => BigInt(String(row._sequence).split('.', 1)[0] ?? '');

const FILE_SHARD = 'file-';
/** Files have no position: their rows are always looked up. */
export const isStreamShard = (shard: string): boolean => !shard.startsWith(FILE_SHARD);

/** A place in quarantine has an entry for each time that it is judged. */
export const entryKey = (row: Row): string => String(row.entry_id);

export const COMMIT_RULES: CommitRules = {
  keyOf: (row, { table }) => (isQuarantine(table) ? entryKey(row) : placeKey(row)),
  isAbove: ({ ordered, positions }, before) =>
    ordered && positions.length > 0 && positions.every(({ shard, from }) => BigInt(from) > before.position(shard)),
  lookUp: (keys, present) => present(keys),
  remembersEarlierBatches: true,
  reached: ({ ordered, positions }, rows) => {
    const told = positions.map(({ shard, to }) => [shard, BigInt(to)] as const);
    return highest(ordered ? told : [...told, ...rows.map((row) => [String(row._shard), recordNumber(row)] as const)]);
  },
};

/** A position is never below a row that the table may hold, whatever way the row came. */
function highest(numbers: readonly (readonly [string, bigint])[]): Map<string, bigint> {
  const found = new Map<string, bigint>();
  for (const [shard, number] of numbers)
    if (isStreamShard(shard) && number > (found.get(shard) ?? -1n)) found.set(shard, number);
  return found;
}

/** Puts the next version together from batches in the order in which they were sent. */
export function planAppend(
  committed: Committed,
  staged: readonly StagedRows[],
  present: Lookup,
  rules: CommitRules,
): Append {
  const positions = new Map<string, bigint>();
  const txns = new Map<string, number>();
  const before: Before = {
    position: (shard) => positions.get(shard) ?? committed.position(shard),
    txn: (appId) => txns.get(appId) ?? committed.txn(appId),
  };
  const seen = new Set<string>();
  const kept: boolean[][] = [];
  let [count, events] = [0, 0];
  for (const { batch, rows } of staged) {
    const keys = rows.map((row) => rules.keyOf(row, batch));
    const isAbove = rules.isAbove(batch, before);
    const known = isAbove ? NOTHING : rules.lookUp(new Set(keys), present, batch);
    const mask = keys.map((key) => isAbove || !(known.has(key) || seen.has(key)));
    if (rules.remembersEarlierBatches) for (const key of keys) seen.add(key);
    advance(batch, rules.reached(batch, rows), before, positions, txns);
    const added = mask.filter(Boolean).length;
    count += added;
    events += batch.events > 0 ? added : 0;
    kept.push(mask);
  }
  return { kept, positions, txns, count, events };
}

const NOTHING: ReadonlySet<string> = new Set();

function advance(
  { txn }: StagedBatch,
  reached: ReadonlyMap<string, bigint>,
  before: Before,
  positions: Map<string, bigint>,
  txns: Map<string, number>,
): void {
  if (txn) txns.set(txn.appId, Math.max(txn.version, before.txn(txn.appId)));
  for (const [shard, last] of reached) if (last > before.position(shard)) positions.set(shard, last);
}
