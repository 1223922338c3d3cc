import { RULES } from './rules.ts';

/** How a change meets somebody: it passes unnoticed, should be looked at, or breaks them. `none`: it does not concern them. */
export type Verdict = 'none' | 'safe' | 'review' | 'break';

export interface Verdicts {
  /** Those who read the table. */
  readonly readers: Verdict;
  /** Those who send or compute its rows. */
  readonly writers: Verdict;
  /** Those who answer for what the data may be used for, and by whom. */
  readonly trust: Verdict;
}

export type ChangeKind = keyof typeof RULES;

/** One difference between two versions of a contract, judged. */
export interface Change extends Verdicts {
  readonly kind: ChangeKind;
  /** Where in the contract: `columns.lines[].quantity`, `roles.analyst`, `slaProperties.freshness`. Of what is new, if it moved. */
  readonly path: string;
  /** What stood there, in words; undefined where nothing did. */
  readonly was?: string;
  readonly is?: string;
  readonly reason: string;
  readonly fix: string;
}

/** The change of a kind at a place, with the verdicts that every change of the kind has. */
export const change = (kind: ChangeKind, path: string, was?: unknown, is?: unknown): Change => ({
  kind,
  path,
  ...(was !== undefined && { was: inWords(was) }),
  ...(is !== undefined && { is: inWords(is) }),
  ...RULES[kind],
});

const inWords = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const WORST_LAST: readonly Verdict[] = ['none', 'safe', 'review', 'break'];

export const worst = (verdicts: readonly Verdict[]): Verdict =>
  WORST_LAST.findLast((verdict) => verdicts.includes(verdict)) ?? 'none';

/** The worst of several changes, for each of those concerned. */
export const worstOf = (changes: readonly Verdicts[]): Verdicts => ({
  readers: worst(changes.map(({ readers }) => readers)),
  writers: worst(changes.map(({ writers }) => writers)),
  trust: worst(changes.map(({ trust }) => trust)),
});
