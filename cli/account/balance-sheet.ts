import type { Account, Check } from '../../lambdas/shared/account-items.ts';
import { count, plural } from '../shared/format.ts';

export interface Verdict {
  readonly law: 'balanced' | 'in flight' | 'broken';
  readonly inFlight: number;
  readonly missing: number;
  readonly excess: number;
  readonly sentences: readonly string[];
}

/** Judges the hours together. */
export function judge(accounts: readonly Account[], checks: readonly Check[]): Verdict {
  const sum = (status: Account['status']) =>
    accounts
      .filter((account) => account.status === status)
      .reduce((total, { inFlight }) => total + Math.abs(inFlight), 0);
  const [inFlight, missing, excess] = [sum('pending'), sum('missing'), sum('excess')];
  const isPending = accounts.some(({ status }) => status === 'pending') || checks.some((check) => !check.isCaughtUp);
  const isBroken = missing > 0 || excess > 0 || checks.some(({ lost }) => lost.length > 0);
  return {
    law: isBroken ? 'broken' : isPending ? 'in flight' : 'balanced',
    inFlight,
    missing,
    excess,
    sentences: sentencesOf(accounts, checks, inFlight),
  };
}

function sentencesOf(accounts: readonly Account[], checks: readonly Check[], inFlight: number): string[] {
  const found = [
    ...accounts.filter(({ status }) => status === 'missing' || status === 'excess').map(describeBroken),
    ...checks.flatMap(({ domain, lost }) =>
      lost.map(
        ({ shard, since }) =>
          `${domain}: records of ${shard} may have been trimmed before they were counted, since ${since ?? 'its start'}`,
      ),
    ),
    ...checks
      .filter(({ isCaughtUp }) => !isCaughtUp)
      .map(({ domain }) => `${domain}: the stream is not counted to its end yet`),
    ...(inFlight === 0 ? [] : [`${plural(inFlight, 'event')} in flight, too early to judge`]),
  ];
  return [...(found.length > 0 ? found : ['balanced']), ...accounts.flatMap(describeGaps)];
}

const describeBroken = ({ table, hour, inFlight, changedAt }: Account): string =>
  inFlight > 0
    ? `${table}, hour ${hour}: ${plural(inFlight, 'event')} missing since ${changedAt}`
    : `${table}, hour ${hour}: ${plural(-inFlight, 'event')} too many since ${changedAt}`;

function describeGaps({ table, hour, gaps, missingNumbers }: Account): string[] {
  if (gaps === 0) return [];
  const ranges = missingNumbers.map(({ producer, first, last }) =>
    first === last ? `${producer} ${first}` : `${producer} ${first} to ${last}`,
  );
  const isShort = missingNumbers.reduce((sum, { first, last }) => sum + last - first + 1, 0) < gaps;
  return [`${table}, hour ${hour}: ${plural(gaps, 'number')} never came: ${ranges.join(', ')}${isShort ? ', …' : ''}`];
}

/** Rows of the printed table: hours with anything in them, and their totals. */
export function sheetOf(accounts: readonly Account[]): Record<string, string | number>[] {
  const rows = accounts.map(({ table, hour, status, ...figures }) => ({ table, hour, ...printed(figures), status }));
  return rows.length < 2 ? rows : [...rows, { table: 'total', hour: '', ...printed(totalOf(accounts)), status: '' }];
}

const FIGURES = {
  produced: 'produced',
  landed: 'landed',
  quarantined: 'quarantined',
  onFailure: 'on failure',
  inFlight: 'in flight',
  duplicates: 'duplicates',
  gaps: 'gaps',
} as const;
type Figures = Readonly<Record<keyof typeof FIGURES, number>>;
const NAMES = Object.keys(FIGURES) as (keyof Figures)[];

const printed = (figures: Figures): Record<string, string> =>
  Object.fromEntries(NAMES.map((name) => [FIGURES[name], count(figures[name])]));

const totalOf = (accounts: readonly Account[]): Figures =>
  Object.fromEntries(NAMES.map((name) => [name, accounts.reduce((sum, one) => sum + one[name], 0)])) as Figures;
