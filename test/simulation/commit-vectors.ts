import fc from 'fast-check';
import type { Row } from '../../lib/landing/row.ts';
import type { Position, StagedBatch } from '../../lib/landing/staged-batch.ts';
import { COMMIT_RULES, isStreamShard, type Lookup, placeKey, planAppend } from './commit-model.ts';

type Key = readonly [shard: string, sequence: string];

/** A decision of the committer: what the table says, what is staged, and what becomes of it. */
export interface CommitVector {
  readonly name: string;
  /** The columns of the keys. */
  readonly key: readonly string[];
  readonly committed: {
    readonly version: number;
    readonly rows: number;
    readonly accounted: number;
    readonly positions: Readonly<Record<string, string>>;
    readonly txns: Readonly<Record<string, number>>;
  };
  /** Keys of rows that the table holds. */
  readonly held: readonly Key[];
  readonly staged: readonly { readonly message: StagedBatch; readonly keys: readonly Key[] }[];
  readonly expected: CommitExpectation;
}

/** Row by row for each batch what is kept, and what the transactions say afterwards. */
export interface CommitExpectation {
  readonly kept: readonly (readonly boolean[])[];
  readonly positions: Readonly<Record<string, string>>;
  readonly txns: Readonly<Record<string, number>>;
  readonly rows: number;
  readonly accounted: number;
}

/** What the model decides. */
export function decide({ committed, held, staged }: Omit<CommitVector, 'expected'>): CommitExpectation {
  const known = new Set(held.map(keyText));
  const present: Lookup = (keys) => new Set([...keys].filter((key) => known.has(key)));
  const before = {
    ...committed,
    position: (shard: string) => BigInt(committed.positions[shard] ?? -1),
    txn: (appId: string) => committed.txns[appId] ?? -1,
  };
  const batches = staged.map(({ message, keys }) => ({ batch: message, rows: keys.map(rowOf) }));
  const append = planAppend(before, batches, present, COMMIT_RULES);
  const moved = Object.fromEntries([...append.positions].map(([shard, last]) => [shard, String(last)]));
  return {
    kept: append.kept,
    positions: { ...committed.positions, ...moved },
    txns: { ...committed.txns, ...Object.fromEntries(append.txns) },
    rows: committed.rows + append.count,
    accounted: committed.accounted + append.events,
  };
}

const rowOf = ([_shard, _sequence]: Key): Row => ({ _shard, _sequence });
const keyText = (key: Key): string => placeKey(rowOf(key));

const SHARDS = ['shard-0', 'shard-1', 'file-0'] as const;
const VECTORS = 60;
const SEED = 11;

const place = fc
  .tuple(fc.constantFrom(...SHARDS), fc.integer({ min: 97, max: 101 }), fc.nat(1))
  .map(([shard, number, index]): Key => [shard, `${String(number).padStart(64, '0')}.00000${index}`]);
const places = (maxLength: number) =>
  fc.uniqueArray(place, { minLength: 1, maxLength, selector: keyText }).map((keys) => keys.toSorted(byPlace));

const byPlace = (a: Key, b: Key): number => (keyText(a) < keyText(b) ? -1 : 1);

const staged = fc
  .record({
    keys: places(4),
    ordered: fc.boolean(),
    isAnnouncedAgain: fc.boolean(),
    counts: fc.boolean(),
    run: fc.nat(8),
  })
  .map(({ keys, ordered, isAnnouncedAgain, counts, run }) => {
    const isOrdered = ordered && keys.every(([shard]) => isStreamShard(shard));
    const message: StagedBatch = {
      version: 1,
      table: 'commerce.bronze.orders',
      staged: `s3://landing/${run}.parquet`,
      rows: keys.length,
      events: counts ? keys.length : 0,
      contractVersion: '1.0.0',
      ordered: isOrdered,
      positions: isOrdered || isAnnouncedAgain ? positionsOf(keys) : [],
      ...(run > 6 ? { txn: { appId: 'refine:commerce.silver.order_lines', version: run } } : {}),
    };
    return { message, keys };
  });

function positionsOf(keys: readonly Key[]): Position[] {
  const shards = [...new Set(keys.map(([shard]) => shard))].filter(isStreamShard);
  return shards.map((shard) => {
    const numbers = keys.flatMap(([each, sequence]) => (each === shard ? Number(sequence.split('.')[0]) : []));
    return { shard, from: String(Math.min(...numbers)), to: String(Math.max(...numbers)) };
  });
}

const question = fc
  .record({
    held: places(12),
    ahead: fc.nat(4),
    batches: fc.array(staged, { minLength: 1, maxLength: 3 }),
    txn: fc.nat(9),
  })
  .map(({ held, ahead, batches, txn }) => ({
    key: ['_shard', '_sequence'],
    committed: {
      version: 3,
      rows: held.length,
      accounted: held.length,
      // A position may lie above all rows of its shard, and never below one.
      positions: Object.fromEntries(positionsOf(held).map(({ shard, to }) => [shard, String(Number(to) + ahead)])),
      txns: (txn > 5 ? { 'refine:commerce.silver.order_lines': txn } : {}) as Record<string, number>,
    },
    held,
    staged: batches,
  }));

/** The decisions that the committer in Python has to share; always the same. */
export const commitVectors = (): CommitVector[] =>
  fc.sample(question, { seed: SEED, numRuns: VECTORS }).map((asked, i) => {
    const named = { name: `drawn ${i}`, ...asked };
    return { ...named, expected: decide(named) };
  });
