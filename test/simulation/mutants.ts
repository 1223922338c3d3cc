import type { StagingFailure } from '../../lambdas/shared/stage-tables.ts';
import type { Row } from '../../lib/landing/row.ts';
import type { Position } from '../../lib/landing/staged-batch.ts';
import { type Before, COMMIT_RULES, entryKey, isQuarantine, placeKey } from './commit-model.ts';
import { RIGHT, type Rules } from './rules.ts';
import { hunt } from './simulate.ts';

/** A design rule, broken. */
export interface Mutant {
  readonly name: string;
  readonly rules: Partial<Rules>;
}

const sequencesOf = (failures: readonly StagingFailure[]) =>
  failures.map(({ lowestSequence }) => lowestSequence).toSorted((a, b) => Number(BigInt(a) - BigInt(b)));

const idOf = (now: number): string => String(now).padStart(64, '0');

const namedAfter = (rows: readonly Row[]): string => {
  const places = rows.map((row) => (row.quarantine_id ? entryKey(row) : placeKey(row))).toSorted();
  return `${rows[0]?.quarantine_id ? 'quarantine' : 'bronze'}/${places[0]}-${places.at(-1)}`;
};

export const MUTANTS: readonly Mutant[] = [
  // The function that takes records.
  { name: 'records are acknowledged before they are staged', rules: { answersFirst: true } },
  { name: 'a partial failure is swallowed', rules: { failedItems: () => [] } },
  {
    name: 'the highest failed record is reported, not the lowest',
    rules: {
      failedItems: (failures) =>
        sequencesOf(failures)
          .slice(-1)
          .map((itemIdentifier) => ({ itemIdentifier })),
    },
  },
  {
    name: 'failed records are compared as text',
    rules: {
      failedItems: (failures) =>
        failures
          .map(({ lowestSequence }) => lowestSequence)
          .toSorted()
          .slice(0, 1)
          .map((itemIdentifier) => ({ itemIdentifier })),
    },
  },
  { name: 'a staged file is named after its range', rules: { stagedKey: (_key, rows) => namedAfter(rows) } },
  {
    name: "a quarantined row's key is the time",
    rules: {
      stagedRow: (row, now) => (row.quarantine_id ? { ...row, quarantine_id: idOf(now), entry_id: idOf(now) } : row),
    },
  },
  {
    name: 'events of one record share a place',
    rules: { stagedRow: (row) => ({ ...row, _sequence: String(row._sequence).replace(/\.\d+$/, '.000000') }) },
  },
  {
    name: "a row's partition is the day of its landing",
    rules: { stagedRow: (row, now) => ({ ...row, _ingest_date: Number(row._ingest_date) + (now % 2) }) },
  },
  { name: 'a file is announced before it is stored', rules: { announcesFirst: true } },
  {
    name: 'the queue knows a message by its range',
    rules: { deduplicationId: ({ table, positions, rows }) => `${table}/${positions[0]?.from}/${rows}` },
  },
  { name: 'records are dropped when their retries are used up', rules: { parked: () => [] } },
  {
    name: 'on-failure keeps where records were, not the records',
    rules: { parked: (records) => records.map((record) => ({ ...record, data: '' })) },
  },
  { name: 'a new shard is read from its latest record', rules: { startsAt: 'LATEST' } },

  // The committer.
  { name: 'whatever is staged is committed', rules: { isAbove: () => true } },
  {
    name: 'a batch that overlaps what is committed is dropped as a whole',
    rules: { lookUp: wholeBatchIfAny },
  },
  {
    name: 'what is not above the position counts as committed',
    rules: { lookUp: (keys, present, { ordered }) => (ordered ? keys : present(keys)) },
  },
  {
    name: 'the position judges redrives',
    rules: { redrivesOrdered: true, lookUp: (keys, present, { ordered }) => (ordered ? keys : present(keys)) },
  },
  {
    name: 'files, which have no position, count as above it',
    rules: { isAbove: ({ positions }, before) => isAboveAll(positions, before) },
  },
  {
    name: 'a batch is above the position when its end is',
    rules: {
      isAbove: ({ ordered, positions }, before) =>
        ordered &&
        isAboveAll(
          positions.map(({ shard, to }) => ({ shard, from: to })),
          before,
        ),
    },
  },
  {
    name: 'what comes out of order leaves the position behind',
    rules: { reached: (batch, rows) => (batch.ordered ? COMMIT_RULES.reached(batch, rows) : new Map()) },
  },
  { name: 'positions follow in a commit of their own', rules: { positionsInCommit: false } },
  {
    name: 'a row is known by its record',
    rules: { keyOf: (row, batch) => (isQuarantine(batch.table) ? entryKey(row) : placeKey(row).replace(/\.\d+$/, '')) },
  },
  {
    name: "a run's transaction makes all its rows new",
    rules: {
      isAbove: (batch, before) =>
        batch.txn ? batch.txn.version > before.txn(batch.txn.appId) : COMMIT_RULES.isAbove(batch, before),
    },
  },
  {
    name: "a run's rows are new, whatever its transaction says",
    rules: { isAbove: (batch, before) => Boolean(batch.txn) || COMMIT_RULES.isAbove(batch, before) },
  },
  {
    name: "a run's rows are known by their place",
    rules: {
      keyOf: (row, batch) =>
        batch.txn ? `${batch.txn.appId}${placeKey(row).slice(0, 82)}` : COMMIT_RULES.keyOf(row, batch),
    },
  },
  {
    name: 'an entry is known by the id of its event',
    rules: { keyOf: (row, { table }) => (isQuarantine(table) ? String(row.quarantine_id) : placeKey(row)) },
  },
  {
    name: 'batches of one commit do not see each other',
    rules: { remembersEarlierBatches: false, isAbove: () => false },
  },
  { name: 'two commits that were planned on one version both pass', rules: { conflicting: () => false } },
  { name: 'a commit overwrites the version that is there', rules: { conditional: false } },
  { name: 'a commit without an answer is done again', rules: { unknownOutcome: 'failed' } },
  { name: 'a commit without an answer counts as done', rules: { unknownOutcome: 'succeeded' } },
  { name: 'a message is deleted before it is committed', rules: { deletesFirst: true } },
  { name: 'a batch that cannot be committed is dropped', rules: { unreadable: 'is dropped' } },
  { name: 'a failure in one table fails the others', rules: { tablesShareFate: true } },
  { name: 'staged files that no message mentions stay', rules: { reconcilesHandOvers: false } },

  // Files.
  { name: 'files that no notification mentions stay', rules: { reconcilesFiles: false } },
  {
    name: 'a file is landed once an announcement',
    rules: { fileTag: ({ etag }, announcement) => `${etag}#${announcement}` },
  },
  { name: 'a file written again is the same file', rules: { fileTag: () => 'any' } },
  { name: 'a file is recorded as landed before it is', rules: { marksFilesFirst: true } },
  {
    name: 'only the ledger tells that a file was landed',
    rules: { lookUp: (keys, present, { ordered }) => (ordered ? present(keys) : new Set()) },
  },

  // Quarantine.
  {
    name: 'a replayed event gets a new place',
    rules: {
      replayPlace: (place, attempt) => ({ ...place, sequence: String(10 ** 9 + attempt) }),
    },
  },
  { name: 'an entry is closed before its event is landed', rules: { closesFirst: true } },
  { name: 'a replay deletes the entry', rules: { keepsEntries: false } },
  { name: 'a replay leaves the entry open', rules: { closes: false } },

  // Silver.
  { name: 'silver appends whatever bronze has', rules: { isKnown: () => false } },
  {
    name: 'silver knows only the events of the same run',
    rules: { isKnown: (silver, row) => silver.arriving.has(String(row._event_id)) },
  },
  { name: 'the event that arrives last wins', rules: { isNewer: () => true } },
  { name: 'a run records what it read before silver has it', rules: { recordsConsumedFirst: true } },
];

const isAboveAll = (positions: readonly Pick<Position, 'shard' | 'from'>[], { position }: Before): boolean =>
  positions.every(({ shard, from }) => BigInt(from) > position(shard));

function wholeBatchIfAny(
  keys: ReadonlySet<string>,
  present: (keys: ReadonlySet<string>) => ReadonlySet<string>,
  { ordered }: { ordered: boolean },
) {
  const known = present(keys);
  return ordered && known.size > 0 ? keys : known;
}

/** What breaks no promise, and why: these cost work, or a second rule covers them. */
export const EQUIVALENT: readonly (Mutant & { readonly reason: string })[] = [
  {
    name: 'every row is looked up',
    rules: { isAbove: () => false },
    reason: 'the position is the short way only: it spares look-ups',
  },
  {
    name: 'a position runs ahead of what is committed',
    rules: {
      reached: (...known) => new Map([...COMMIT_RULES.reached(...known)].map(([shard, last]) => [shard, last + 5n])),
    },
    reason: 'what is not above the position is looked up, so a position may be too high and never too low',
  },
  {
    name: 'records of the on-failure folder are landed as if in order',
    rules: { redrivesOrdered: true },
    reason: 'no position lags behind a committed row, whatever way that came',
  },
  {
    name: 'staged files are announced again as if in order',
    rules: { announcedAgain: (batch) => ({ ...batch, ordered: batch.positions.length > 0 }) },
    reason: 'as for redrives',
  },
  {
    name: 'a staged file gets another name each time',
    rules: { stagedKey: (key) => `${key}.${serial++}` },
    reason: 'rows are known by their places, not by their file; retries leave more files behind',
  },
  {
    name: 'the queue takes every message, however often it is sent',
    rules: { deduplicationId: () => `${serial++}` },
    reason: 'five minutes are no promise, so nothing relies on them; retries make more commits empty',
  },
];

let serial = 0;

export interface Killed {
  readonly name: string;
  /** Histories until one showed the fault; null when none did. */
  readonly histories: number | null;
  readonly violation: string;
}

/** Looks for a history that shows each mutant's fault. */
export async function killMutants(mutants: readonly Mutant[], seed: number, histories: number): Promise<Killed[]> {
  const results: Killed[] = [];
  const options = { seed, histories, events: Number.POSITIVE_INFINITY, shrinks: false };
  for (const { name, rules } of mutants) {
    const { broken, histories: played } = await hunt({ ...RIGHT, ...rules }, options);
    results.push({ name, histories: broken ? played : null, violation: broken?.violation ?? '' });
  }
  return results;
}
