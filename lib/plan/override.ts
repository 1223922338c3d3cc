import type { Check } from '../contract/contract.ts';
import type { RowLimit } from './row-limit.ts';

/** Someone's word that a rule of a table blocks no run until a time. It is kept as it was given, and never changed. */
export interface Override {
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  /** A rule of its contract, or `rows:refused` for the limit of refused rows. */
  readonly rule: string;
  readonly approver: string;
  readonly reason: string;
  /** The run that the rule blocked. */
  readonly runId: string;
  /** ISO 8601, UTC. */
  readonly approvedAt: string;
  readonly until: string;
}

/** Longer than that is no exception any more: then the contract is to be changed, and its readers asked. */
export const MAX_OVERRIDE_DAYS = 31;

/** What is in force at a time: of several overrides of one rule the latest, so that a short one ends a long one. */
export function overridesAt(overrides: readonly Override[], at: string): Override[] {
  const given = overrides.filter(({ approvedAt }) => !isLater(approvedAt, at));
  const latest = new Map<string, Override>();
  for (const override of given.toSorted((a, b) => (isLater(a.approvedAt, b.approvedAt) ? 1 : -1)))
    latest.set(`${override.table}/${override.rule}`, override);
  return [...latest.values()].filter(({ until }) => isLater(until, at));
}

const isLater = (a: string, b: string): boolean => Date.parse(a) > Date.parse(b);

/** What an override changes is written into the plan: who carries the plan out need not know of overrides. */
export interface Overridable {
  readonly override?: Override;
}

/** The rule still judges and still refuses rows; it blocks no more. */
export function withOverride(check: Check, override: Override | undefined): Check & Overridable {
  if (!override) return check;
  const { blockAbovePercent: _, ...unlimited } = check;
  return { ...unlimited, onFailure: check.onFailure === 'block' ? 'warn' : check.onFailure, override };
}

export const withoutLimit = (limit: RowLimit, override: Override | undefined): RowLimit & Overridable =>
  override ? { ...limit, percent: 100, override } : limit;
