import type { Contract } from '../contract/contract.ts';
import type { MadeRun } from '../plan/by-the-clock.ts';
import type { Outcome } from '../plan/judge-checks.ts';
import type { RemedyLimits, TakenRemedy } from './watch.ts';

/** What was seen of a domain at one moment. Null stands for what could not be seen. */
export interface Snapshot {
  readonly domain: string;
  /** ISO 8601, UTC, as all times here. */
  readonly now: string;
  /** Those of tables with rows of their own. */
  readonly contracts: readonly Contract[];
  /** By table id; what was never committed is left out. */
  readonly tables: ReadonlyMap<string, { readonly committedAt?: string }>;
  /** Newest first. */
  readonly runs: readonly WatchedRun[];
  readonly lease: WatchedLease | null;
  readonly published: { readonly publishedAt: string } | null;
  readonly isGoldHeld: boolean;
  /** By bronze table. */
  readonly arrivals: ReadonlyMap<string, Arrivals>;
  readonly quarantine: OpenEntries | null;
  readonly queues: readonly WaitingLetters[];
  /** Seconds; the most of the last hour. */
  readonly iteratorAge: number | null;
  /** All that are remembered. */
  readonly remedies: readonly TakenRemedy[];
}

/** Where one environment differs from another. */
export interface WatchSettings {
  readonly limits: RemedyLimits;
  /** Longer than this no run takes that is well. */
  readonly runLimitMinutes: number;
  /** So long an entry may wait in quarantine for a person. */
  readonly quarantineDays: number;
}

export interface WatchedRun extends MadeRun {
  readonly runId: string;
  readonly endedAt?: string;
  /** Somebody wished that it end. */
  readonly cancellation?: object;
  readonly error?: string;
  readonly gates: readonly {
    readonly step: 'refine' | 'model';
    readonly outcome: string;
    readonly reasons: readonly string[];
    readonly checks: readonly WatchedCheck[];
  }[];
}

export interface WatchedCheck {
  readonly table: string;
  readonly id: string;
  readonly evaluated: number;
  readonly failed: number;
  readonly outcome: Outcome;
  readonly error?: string;
}

/** Who has the domain. */
export interface WatchedLease {
  readonly holder: string;
  readonly claimedAt?: string;
  /** Only of maintenance and rollbacks: when they have ended for certain. */
  readonly heldUntil?: string;
  /** Of a run: whether its execution is going on. */
  readonly isRunning: boolean | null;
}

/** What came for a table. */
export interface Arrivals {
  /** The hours that were looked at and had anything. */
  readonly hours: readonly HourCount[];
  /** The first that ever had; null where nothing came yet. */
  readonly firstHour: string | null;
}

/** Events of an hour. */
export interface HourCount {
  /** `2026-03-01T10`, UTC. */
  readonly hour: string;
  readonly produced: number;
  readonly landed: number;
  readonly refused: number;
}

/** Entries of the quarantine that wait for a person. */
export interface OpenEntries {
  readonly entries: number;
  /** Null when there is none. */
  readonly oldest: string | null;
}

export interface WaitingLetters {
  readonly queue: string;
  readonly waiting: number | null;
  /** Of those that were looked at. */
  readonly oldest: string | null;
}

/** What there is to say of a part of a domain. */
export interface Seen<F> {
  readonly findings: readonly F[];
  readonly unknown: readonly string[];
}
