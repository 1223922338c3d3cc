import type { Ahead, Check, Column } from '../contract/contract.ts';
import type { Late } from './lateness.ts';
import type { Learning } from './learn-usual.ts';
import type { Overridable } from './override.ts';
import type { RowLimit } from './row-limit.ts';

/** What a run will do, decided before it starts: `s3://<ops>/runs/<domain>/<run id>/plan.json`. */
export interface Plan {
  readonly version: 1;
  readonly runId: string;
  readonly domain: string;
  /** ISO 8601, UTC; the run's only clock for data. */
  readonly createdAt: string;
  readonly refine: readonly RefineTask[];
  readonly model: ModelTask | null;
  /** Where the jobs leave their `StepResults`. */
  readonly results: { readonly refine: string; readonly model: string };
}

/** A rule of the contract, as it is in force in this run. */
export type PlannedCheck = Check & Overridable & Learning;

/** One silver table: new bronze versions in, typed and checked rows merged. */
export interface RefineTask {
  /** `<domain>.silver.<table>` */
  readonly table: string;
  readonly contractVersion: string;
  readonly source: {
    readonly table: string;
    readonly uri: string;
    /** First and last Delta version to read, both inclusive; a range that ends before it begins is empty. */
    readonly fromVersion: number;
    readonly toVersion: number;
    /** The latest event time of the source as this run is planned, by which the next run will know what is late. */
    readonly lastEventTime: string | null;
    readonly explode: string | null;
    /** The key of a source row; a later event with this key replaces all rows of the earlier one. */
    readonly key: string;
  };
  readonly target: TableRef;
  /** Those that the source's events bring. */
  readonly columns: readonly Column[];
  readonly keys: readonly string[];
  /** Rows that are refused because they come too late; null: none are. */
  readonly late: Late | null;
  /** Rows that are refused because a time of theirs is too far ahead of their arrival. */
  readonly ahead: readonly PlannedAhead[];
  readonly checks: readonly PlannedCheck[];
  readonly limit: RowLimit & Overridable;
  /** Folder for the Parquet of quarantined rows. */
  readonly quarantineUri: string;
  /** Other tables that the checks look into. */
  readonly reads: readonly TableRef[];
  /** Documents that name refused rows of the table to judge again. */
  readonly replays: readonly string[];
  /** What events do to rows; null: every event writes some, and their times order them. */
  readonly changes: PlannedChanges | null;
  /** Where what events said is kept, for a table with every version of a row; null: it shows the latest one alone. */
  readonly history: { readonly imagesUri: string } | null;
}

/** How far a time may be ahead; of rows that are judged again the run's own time counts as the arrival. */
export interface PlannedAhead extends Ahead {
  /** How far that is, in words. */
  readonly horizon: string;
  /** ISO 8601 */
  readonly now: string;
}

/** What the contract says of changes, and where deletes and truncates are remembered. */
export interface PlannedChanges {
  readonly operation: string | null;
  readonly deletes: readonly string[];
  readonly truncates: readonly string[];
  readonly orderBy: string | null;
  readonly tombstonesUri: string;
}

/** All gold tables of the domain, built by dbt in the slot that consumers do not see. */
export interface ModelTask {
  readonly slot: Slot;
  /** Spark's database for the slot, `<domain>_gold_<slot>`. */
  readonly database: string;
  /** Folder that holds the slot's tables, `s3://<gold>/<domain>/<slot>`. */
  readonly locationRoot: string;
  readonly inputs: readonly ModelInput[];
  readonly tables: readonly ModelTable[];
}

export interface ModelInput extends TableRef {
  /** Its source in dbt: `silver`, or `<domain>_silver` for a table of another domain. */
  readonly source: string;
  /** The input's version that the slot was last built from; null: build in full. */
  readonly builtFromVersion: number | null;
  /** Columns of an optional input that is not there yet: the job makes it, without rows. */
  readonly missing: readonly Column[] | null;
}

export interface ModelTable extends TableRef {
  readonly contractVersion: string;
  /** As its contract has it when the run is planned: what the slot is recorded to be built by. */
  readonly model?: string;
  readonly columns: readonly Column[];
  readonly checks: readonly PlannedCheck[];
  /** Other tables that the checks look into; gold ones in the same slot. */
  readonly reads: readonly TableRef[];
}

export interface TableRef {
  /** `<domain>.<layer>.<table>` */
  readonly id: string;
  readonly database: string;
  readonly table: string;
  readonly uri: string;
}

export const SLOTS = ['blue', 'green'] as const;
export type Slot = (typeof SLOTS)[number];

/** What a Spark job reports, for the gate, the ledger and lineage. */
export interface StepResults {
  readonly version: 1;
  readonly runId: string;
  readonly step: 'refine' | 'model';
  readonly startedAt: string;
  readonly endedAt: string;
  /** Of files, by all tasks of the job. Older jobs did not report it. */
  readonly bytesRead?: number | undefined;
  readonly tables: readonly TableResult[];
}

export interface TableResult {
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  readonly uri: string;
  readonly contractVersion: string;
  /** Inputs by table id, with the version range read (both inclusive). */
  readonly inputs: readonly { readonly table: string; readonly fromVersion: number; readonly toVersion: number }[];
  readonly rowsIn: number;
  /** Rows written by the run. */
  readonly rowsOut: number;
  readonly duplicates: number;
  readonly quarantined: number;
  /** Null when nothing was quarantined. */
  readonly quarantineUri: string | null;
  /** Rows at `quarantineUri`: what was refused, and what closes rows that were refused before. */
  readonly entries: number;
  /** Rows judged again by a person's wish, and how many of them are sound now. */
  readonly judgedAgain: number;
  readonly replayed: number;
  /** Delta version and row count of the table after the run. */
  readonly deltaVersion: number;
  readonly rowCount: number;
  readonly checks: readonly CheckResult[];
}

export interface CheckResult {
  readonly id: string;
  readonly name: string;
  readonly onFailure: Check['onFailure'];
  readonly blockAbovePercent: number | null;
  readonly evaluated: number;
  /** Rows that broke the check; 1 for a number that is not as expected. 0 when the check is met, however it counts. */
  readonly failed: number;
  /** Set when the check could not run: that is not a pass. */
  readonly error: string | null;
  /** The number that was found; null when there was none. Older runs did not report it. */
  readonly actual?: number | null | undefined;
  /** Of `drift`: the rows in each of its buckets. */
  readonly sketch?: readonly number[] | null | undefined;
  /** A few of the rows that failed, or of their keys. What is personal or confidential is not in it. */
  readonly sample: readonly Sample[];
}

/** Values of a row that tell which it is and what is wrong with it. */
export type Sample = readonly { readonly column: string; readonly value: string | null }[];
