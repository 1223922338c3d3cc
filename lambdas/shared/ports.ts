import type { HandOver } from '../../lib/landing/hand-over.ts';
import type { HeldBatch } from '../../lib/landing/held-batch.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import type { RunEvent } from '../../lib/lineage/run-event.ts';
import type { Slot } from '../../lib/plan/plan.ts';
import type { LostTable, PastTable } from '../../lib/publish/past-tables.ts';
import type { Finding, Outcome } from '../../lib/watchdog/watch.ts';
import type { Backfill } from './backfill-ledger.ts';
import type { Published } from './ledger.ts';

/** Keeps Parquet files until they are committed. */
export interface StagingStore {
  /** Writes an object and returns its URI. The same key may be written again with the same content. */
  put(key: string, bytes: Uint8Array): Promise<string>;
}

/** Hands staged batches to `commit-batches`, in order for each table; the same batch sent twice is one. */
export interface BatchQueue {
  send(batches: readonly StagedBatch[]): Promise<void>;
}

/** How many messages the queue of `commit-batches` holds, those in delivery included; counted roughly. */
export interface QueueDepth {
  depth(): Promise<number>;
}

/** Remembers staged batches from before their first message until their commit. */
export interface HandOvers {
  record(batches: readonly StagedBatch[]): Promise<void>;
  /** What is remembered of a domain, in no order. */
  waiting(domain: string): Promise<HandOver[]>;
  /** Counts one more message. False when a commit took the batch meanwhile. */
  countAnnouncement(handOver: HandOver, at: string): Promise<boolean>;
}

/** JSON documents at `s3://` URIs. */
export interface JsonStore {
  read(uri: string): Promise<unknown>;
  write(uri: string, document: unknown): Promise<void>;
}

/** What a table's `_delta_log` tells without a snapshot of the table. */
export interface DeltaVersions {
  /** Null when there is no table. `atLeast` is a version known to exist: a shortcut through a long log. */
  latest(tableUri: string, atLeast?: number): Promise<number | null>;
  /** The last version up to `latest` that changed rows; `known` is a version that did. */
  lastChange(tableUri: string, latest: number, known: number): Promise<number>;
}

/** Executions of one state machine of the domain, each named after its run. */
export interface Executions<Input extends { readonly runId: string } = RunInput> {
  /** Starting the same run twice is one execution. */
  start(input: Input): Promise<void>;
  isRunning(runId: string): Promise<boolean>;
  /** Ends it as aborted; one that has ended stays as it is. */
  stop(runId: string, cause: string): Promise<void>;
}

/** Takes away all objects below a folder. */
export interface FolderRemover {
  remove(uri: string): Promise<void>;
}

/** The input of the state machine that runs the domain. */
export interface RunInput {
  readonly runId: string;
  readonly trigger: string;
  readonly settleSeconds: number;
}

/** How a run ended, for those who read what it was to bring up to date. It may be told twice. */
export interface EndedRun {
  readonly domain: string;
  readonly runId: string;
  readonly outcome: 'succeeded' | 'blocked' | 'failed' | 'cancelled';
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  /** Why it did not simply pass, worst first; no value of the data is in it. */
  readonly reasons: readonly string[];
  /** What readers see from now on; null before anything was published. */
  readonly published: Pick<Published, 'runId' | 'publishedAt' | 'tables'> | null;
}

/** What became of a backfill or a rebuild. It may be told twice. */
export interface EndedBackfill extends Pick<Backfill, 'domain' | 'kind' | 'table'> {
  readonly backfillId: string;
  /** One that failed can be resumed. */
  readonly outcome: 'succeeded' | 'refused' | 'failed';
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  /** Rules that refused too many rows; of a failure the ledger has the error, which may quote what a job was told. */
  readonly reasons: readonly string[];
}

/** What readers of gold see again, in place of a later publication. */
export interface RolledBackGold {
  readonly domain: string;
  /** The publication that they saw before. */
  readonly from: string;
  readonly reason: string;
  readonly published: Pick<Published, 'publication' | 'runId' | 'publishedAt' | 'tables'>;
}

/** What the watchdog found that it had not found before, and what it did. */
export interface WatchdogFound {
  readonly domain: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly findings: readonly Finding[];
  readonly remedies: readonly Outcome[];
}

/** Where others learn what happened. */
export interface EventBus {
  runEnded(run: EndedRun): Promise<void>;
  backfillEnded(backfill: EndedBackfill): Promise<void>;
  goldRolledBack(rollback: RolledBackGold): Promise<void>;
  /** It may be told twice, since a batch that is taken again is held again. */
  batchHeld(held: HeldBatch): Promise<void>;
  watchdogFound(found: WatchdogFound): Promise<void>;
}

/** Metrics of a domain. */
export interface MetricSink {
  add(
    name: string,
    unit: 'Count' | 'Seconds' | 'Percent',
    value: number,
    dimensions?: Readonly<Record<string, string>>,
  ): void;
}

/** The catalogue that consumers read gold tables through. */
export interface Catalogue {
  /** Points a table to the folder that holds its data. */
  locate(table: TableName, uri: string): Promise<void>;
}

export interface TableName {
  readonly database: string;
  readonly table: string;
}

/** Remembers the visible slot for the next deploy, which would else point the catalogue back. */
export interface SlotPointer {
  set(slot: Slot): Promise<void>;
}

/** Takes gold tables back to earlier versions, for who holds the domain. */
export interface TableRestorer {
  /** Those that cannot be taken back. */
  check(tables: readonly PastTable[]): Promise<LostTable[]>;
  /** All of them, or none. Gives the versions that hold the wanted rows now. */
  restore(tables: readonly PastTable[]): Promise<PastTable[]>;
}

/** Where lineage goes besides the ops bucket. */
export interface LineageLog {
  write(runId: string, events: readonly RunEvent[]): Promise<void>;
}

/** Documents that nobody can change or take away. */
export interface EvidenceStore {
  /** Writes a document. False when there is one with this key. */
  add(key: string, bytes: Uint8Array): Promise<boolean>;
  read(key: string): Promise<Uint8Array>;
  /** Keys below a prefix, sorted; only those behind `after`, where it is given. */
  keys(prefix: string, after?: string): Promise<string[]>;
}
