import type { LandedFile } from '../../lambdas/shared/file-ports.ts';
import { failedItems, type StagingFailure } from '../../lambdas/shared/stage-tables.ts';
import type { StreamRecord } from '../../lib/landing/landing.ts';
import type { Place } from '../../lib/landing/place.ts';
import type { Row } from '../../lib/landing/row.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import { COMMIT_RULES } from './commit-model.ts';
import type { CommitterRules } from './committer.ts';
import { SILVER_RULES, type SilverRules } from './silver-model.ts';

/** The rules of landing that a mutant may break. `RIGHT` is how Sluice keeps them. */
export interface Rules extends CommitterRules, SilverRules {
  /** Which records a stream's function reports as failed. */
  readonly failedItems: (failures: readonly StagingFailure[]) => readonly { readonly itemIdentifier: string }[];
  /** Whether the function answers before what it staged is safe. */
  readonly answersFirst: boolean;
  /** The name of a staged object. */
  readonly stagedKey: (key: string, rows: readonly Row[]) => string;
  /** A row as it is staged; `now` is what the clock says, which no row should show. */
  readonly stagedRow: (row: Row, now: number) => Row;
  /** Whether a file is announced before it is stored. */
  readonly announcesFirst: boolean;
  /** What the queue knows a message by for five minutes. */
  readonly deduplicationId: (batch: StagedBatch) => string;
  /** What is kept of records that the stream's mapping gives up. */
  readonly parked: (records: readonly StreamRecord[]) => readonly StreamRecord[];
  /** Where the mapping starts to read a shard. */
  readonly startsAt: 'TRIM_HORIZON' | 'LATEST';
  /** Whether on-failure records are landed again as if in order. */
  readonly redrivesOrdered: boolean;
  /** Whether a message is deleted before it is committed. */
  readonly deletesFirst: boolean;

  /** What tells versions of a file apart; `announcement` counts how often one was announced before. */
  readonly fileTag: (file: LandedFile, announcement: number) => string;
  /** Whether the ledger says that a file is landed before it is. */
  readonly marksFilesFirst: boolean;
  readonly reconcilesFiles: boolean;
  readonly reconcilesHandOvers: boolean;
  /** The message that announces a staged file again. */
  readonly announcedAgain: (batch: StagedBatch) => StagedBatch;

  /** The place of an event that is replayed from quarantine. */
  readonly replayPlace: (place: Place, attempt: number) => Place;
  /** Whether an entry is closed before its event is landed. */
  readonly closesFirst: boolean;
  /** Whether a replay says so in an entry. */
  readonly closes: boolean;
  /** Whether entries stay once their event is replayed. */
  readonly keepsEntries: boolean;

  /** Whether a run records what it read before silver has it. */
  readonly recordsConsumedFirst: boolean;
}

export const RIGHT: Rules = {
  ...COMMIT_RULES,
  ...SILVER_RULES,
  conditional: true,
  conflicting: (commit, winner) => [...commit.txns.keys()].some((appId) => winner.txns.has(appId)),
  positionsInCommit: true,
  unknownOutcome: 'looked up',
  unreadable: 'comes again',
  tablesShareFate: false,
  failedItems,
  answersFirst: false,
  stagedKey: (key) => key,
  stagedRow: (row) => row,
  announcesFirst: false,
  deduplicationId: (batch) => JSON.stringify(batch),
  parked: (records) => records,
  startsAt: 'TRIM_HORIZON',
  redrivesOrdered: false,
  deletesFirst: false,
  fileTag: ({ etag }) => etag,
  marksFilesFirst: false,
  reconcilesFiles: true,
  reconcilesHandOvers: true,
  announcedAgain: (batch) => batch,
  replayPlace: (place) => place,
  closesFirst: false,
  closes: true,
  keepsEntries: true,
  recordsConsumedFirst: false,
};
