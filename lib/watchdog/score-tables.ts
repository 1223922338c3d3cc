import { type Contract, tableId } from '../contract/contract.ts';
import { REFUSED_ROWS } from '../plan/row-limit.ts';
import { dayBefore } from './hours.ts';
import { isFresh } from './judge-tables.ts';
import type { Snapshot, WatchedCheck } from './snapshot.ts';

/** How good a table is, from 0 to 100, and what made it so: each part from 0 to 1. A part that nothing tells is left out. */
export interface TableScore extends Parts {
  readonly score: number;
}

interface Parts {
  /** The mean worth of the checks of the newest run that judged the table. */
  readonly checks?: number;
  /** 1 when the promise of freshness is kept. */
  readonly freshness?: number;
  /** The share of rows that were not refused: of the newest run's, or on bronze of the last day's events. */
  readonly completeness?: number;
}

/** The scores of a domain on one day, as of the day's last look. */
export interface Scores {
  readonly type: 'score';
  readonly v: 1;
  /** `2026-03-01`, UTC. */
  readonly date: string;
  /** Of the domain, which is the product: the mean of its tables' scores; null where no table has one. */
  readonly product: number | null;
  readonly tables: Readonly<Record<string, TableScore>>;
}

const WEIGHTS: Readonly<Record<keyof Parts, number>> = { checks: 50, freshness: 25, completeness: 25 };
const WORTH: Readonly<Record<WatchedCheck['outcome'], number>> = {
  passed: 1,
  warned: 0.5,
  quarantined: 0.5,
  blocked: 0,
};

export function scoreDomain(snapshot: Snapshot): Scores {
  const tables = snapshot.contracts.flatMap((contract) => {
    const parts = partsOf(contract, snapshot);
    const score = scoreOf(parts);
    return score === null ? [] : [[tableId(contract), { score, ...parts }] as const];
  });
  const product = tables.length > 0 ? Math.round(mean(tables.map(([, { score }]) => score))) : null;
  return { type: 'score', v: 1, date: snapshot.now.slice(0, 10), product, tables: Object.fromEntries(tables) };
}

/** The weighted mean of the parts that are known; null where none is. */
function scoreOf(parts: Parts): number | null {
  const known = Object.entries(WEIGHTS).flatMap(([name, weight]) => {
    const part = parts[name as keyof Parts];
    return part === undefined ? [] : [{ part, weight }];
  });
  const weights = known.reduce((sum, { weight }) => sum + weight, 0);
  if (weights === 0) return null;
  return Math.round((100 * known.reduce((sum, { part, weight }) => sum + weight * part, 0)) / weights);
}

function partsOf(contract: Contract, snapshot: Snapshot): Parts {
  const checks = newestChecks(tableId(contract), snapshot);
  const fresh = isFresh(contract, snapshot);
  const complete = contract.layer === 'bronze' ? completeEvents(contract, snapshot) : completeRows(checks);
  return {
    ...(checks.length > 0 && { checks: rounded(mean(checks.map(worthOf))) }),
    ...(fresh !== undefined && { freshness: fresh ? 1 : 0 }),
    ...(complete !== undefined && { completeness: rounded(complete) }),
  };
}

/** A check that could not run is worth nothing. */
const worthOf = ({ outcome, error }: WatchedCheck): number => (error === undefined ? WORTH[outcome] : 0);

function newestChecks(table: string, { runs }: Snapshot): readonly WatchedCheck[] {
  for (const { gates } of runs) {
    const checks = gates.flatMap((gate) => gate.checks).filter((check) => check.table === table);
    if (checks.length > 0) return checks;
  }
  return [];
}

function completeRows(checks: readonly WatchedCheck[]): number | undefined {
  const rows = checks.find(({ id }) => id === REFUSED_ROWS);
  return rows && shareLeft(rows.failed, rows.evaluated);
}

function completeEvents(contract: Contract, { arrivals, now }: Snapshot): number | undefined {
  const hours = arrivals.get(tableId(contract))?.hours.filter(({ hour }) => hour >= dayBefore(now)) ?? [];
  const total = (of: 'landed' | 'refused') => hours.reduce((sum, hour) => sum + hour[of], 0);
  return shareLeft(total('refused'), total('landed') + total('refused'));
}

/** Of nothing there is no share. */
const shareLeft = (refused: number, all: number): number | undefined => (all > 0 ? 1 - refused / all : undefined);

const mean = (numbers: readonly number[]): number => numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
const rounded = (share: number): number => Math.round(share * 1000) / 1000;
