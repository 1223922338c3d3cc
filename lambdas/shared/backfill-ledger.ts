import type { Interval, TimeRange } from '../../lib/plan/backfill-plan.ts';

/** Remembers backfills from their start to their end, and what each of their jobs has made. */
export interface BackfillLedger {
  /** Records one that starts, and keeps its table for it. False when another one has the table. */
  begin(backfill: Backfill): Promise<boolean>;
  /** Id of the one that has the table; null when none has. */
  holderOf(domain: string, table: string): Promise<string | null>;
  backfill(domain: string, id: string): Promise<Backfill | null>;
  /** Newest first. */
  backfills(domain: string, limit: number): Promise<Backfill[]>;
  /** Changes one that is where `known` has seen it; false when it went on meanwhile. One that ends gives its table back. */
  change(known: Backfill, change: BackfillChange): Promise<boolean>;
  /** Recording the same interval again changes nothing that matters: it was made the same. */
  recordFilled(domain: string, id: string, filled: Filled): Promise<void>;
  filled(domain: string, id: string): Promise<Filled[]>;
}

export interface Backfill extends TimeRange {
  readonly type: 'backfill';
  readonly v: 1;
  readonly id: string;
  readonly domain: string;
  /** A rebuild is of all that there is. */
  readonly kind: 'backfill' | 'rebuild';
  /** `<domain>.silver.<table>` */
  readonly table: string;
  /** The bronze table that it is made from. */
  readonly source: string;
  readonly reason: string;
  readonly by: string;
  readonly status: BackfillStatus;
  /** How often it was started or resumed: each attempt is an execution of its own. */
  readonly attempt: number;
  /** How many intervals are made at the same time. */
  readonly concurrency: number;
  readonly intervals: readonly Interval[];
  readonly planUri: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly endedAt?: string | undefined;
  /** Why it failed, or what it refused to do. */
  readonly error?: string | undefined;
  readonly comparison?: Comparison | undefined;
}

/**
 * `settling`: it has its domain, and brings the table to what was made. Only `succeeded`, `refused` and `cancelled` are
 * ends; from `paused` and `failed` it can be resumed.
 */
export type BackfillStatus = 'running' | 'settling' | 'paused' | 'failed' | 'succeeded' | 'refused' | 'cancelled';

export type BackfillChange = Pick<Backfill, 'status'> &
  Partial<Pick<Backfill, 'attempt' | 'endedAt' | 'error' | 'comparison'>>;

/** Rows of the table and of what was made again. `newer`: right in the table, since a later event lies outside of the range. */
export interface Comparison {
  readonly same: number;
  readonly changed: number;
  readonly missing: number;
  readonly surplus: number;
  readonly newer: number;
}

/** What the job of an interval has made. */
export interface Filled {
  readonly index: number;
  readonly events: number;
  readonly rows: number;
  readonly refused: number;
}

export const isOver = ({ status }: Pick<Backfill, 'status'>): boolean =>
  status === 'succeeded' || status === 'refused' || status === 'cancelled';

/** It has an execution, or had one that could not say that it was killed. */
export const isUnderWay = ({ status }: Pick<Backfill, 'status'>): boolean =>
  status === 'running' || status === 'settling';

/** The name of the execution of an attempt, from which `attemptOf` reads it again. */
export const executionOf = ({ id, attempt }: Pick<Backfill, 'id' | 'attempt'>): string => `${id}-${attempt}`;

export function attemptOf(execution: string): Pick<Backfill, 'id' | 'attempt'> {
  const [, id, attempt] = /^(.+)-(\d+)$/.exec(execution) ?? [];
  if (!id) throw new Error(`'${execution}' is no execution of a backfill; allowed is '<id of the backfill>-<attempt>'`);
  return { id, attempt: Number(attempt) };
}
