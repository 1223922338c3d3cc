/** What the watchdog may do by itself; each kind has a limit a day, and is off where that is 0. */
export const REMEDY_KINDS = ['release-lease', 'restart-run', 'redrive'] as const;
export type RemedyKind = (typeof REMEDY_KINDS)[number];
export type RemedyLimits = Readonly<Record<RemedyKind, number>>;

export const FINDING_KINDS = [
  'late-table',
  'overdue-table',
  'unusual-volume',
  'failed-run',
  'blocked-run',
  'long-run',
  'stuck-lease',
  'dead-letters',
  'old-quarantine',
  'iterator-age',
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

/** Something that is not as it should be. No value of the data is in it. */
export interface Finding {
  readonly kind: FindingKind;
  /** A table, a run, a queue or a stream. */
  readonly about: string;
  /** What makes it another finding when it changes, such as how many messages wait; ages do not. */
  readonly cause?: string;
  readonly message: string;
}

/** Something that is to be done about a finding. */
export interface Remedy {
  readonly kind: RemedyKind;
  /** The run, the holder of the lease, or the queue. */
  readonly about: string;
  readonly why: string;
  /** Of `redrive`: messages, at most. */
  readonly most?: number;
}

/** A remedy as the ledger remembers it: what it is about is never remedied that way again. */
export interface TakenRemedy {
  readonly type: 'remedy';
  readonly v: 1;
  readonly kind: RemedyKind;
  /** As of `Remedy`; of a message that was redriven its queue and a hash. */
  readonly about: string;
  readonly why: string;
  /** ISO 8601, UTC. */
  readonly at: string;
}

/** What became of a remedy. */
export interface Outcome {
  readonly kind: RemedyKind;
  readonly about: string;
  readonly why: string;
  readonly outcome: 'done' | 'failed' | 'left';
  /** What was done, or why not. */
  readonly detail: string;
}

/** One look at a domain, as the ledger keeps it. */
export interface Watch {
  readonly type: 'watch';
  readonly v: 1;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly findings: readonly Finding[];
  /** What could not be judged, and why: it may be fine or not. */
  readonly unknown: readonly string[];
  readonly remedies: readonly Outcome[];
}

/** Findings that the look before did not have, or had for another cause. */
export function newFindings(found: readonly Finding[], before: readonly Finding[]): Finding[] {
  const known = new Set(before.map(nameOf));
  return found.filter((finding) => !known.has(nameOf(finding)));
}

const nameOf = ({ kind, about, cause = '' }: Finding): string => JSON.stringify([kind, about, cause]);
