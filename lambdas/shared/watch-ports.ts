import type { Scores } from '../../lib/watchdog/score-tables.ts';
import type { Arrivals } from '../../lib/watchdog/snapshot.ts';
import type { TakenRemedy, Watch } from '../../lib/watchdog/watch.ts';
import type { Check } from './account-items.ts';

/** What the watchdog remembers of a domain; each item is forgotten some time after it was written. */
export interface WatchLedger {
  /** Newest first. */
  watches(limit: number): Promise<Watch[]>;
  recordWatch(watch: Watch): Promise<void>;
  remedies(): Promise<TakenRemedy[]>;
  /** Remembers a remedy before it is taken. False when it was taken before, or when its day has had enough of its kind. */
  take(remedy: TakenRemedy, mostADay: number): Promise<boolean>;
  /** Newest first. */
  scores(limit: number): Promise<Scores[]>;
  /** Replaces those of the same day. */
  recordScores(scores: Scores, at: string): Promise<void>;
}

/** What `balance-accounts` counted. */
export interface AccountBook {
  arrivals(table: string, now: string): Promise<Arrivals>;
  check(domain: string): Promise<Check | undefined>;
}

/** Metrics that AWS publishes. */
export interface Gauges {
  /** Milliseconds, the most of the last hour; null when there is no figure of it. */
  iteratorAge(now: Date): Promise<number | null>;
}

/** The functions that start and end runs. */
export interface RunFunctions {
  /** @returns what became of the wish */
  start(trigger: string): Promise<string>;
  /** Ends a run whose execution has ended without it. @returns how it is recorded */
  finish(runId: string): Promise<string>;
}
