import type { Check, Expectation } from '../contract/contract.ts';
import { isMeasure } from '../plan/describe-check.ts';
import type { CheckResult } from '../plan/plan.ts';

/**
 * What comes of a check. `spark-jobs/checks/verdicts.py` does the same for Spark; test/vectors/quality-cases.json holds
 * them together.
 * @param rows how many rows were judged
 * @param actual the check's number: rows that broke it, or what it measures; null when there is nothing to measure
 */
export function judgeCheck(check: Check, rows: number, actual: number | null): CheckResult {
  if (actual === null && check.kind === 'sql') return resultOf(check, 0, 0, null, 'found no number, allowed: one');
  const failed = isMeasure(check) ? Number(!isMet(check, rows, actual)) : failedRows(check, rows, actual ?? 0);
  // JSON knows no infinity: a number without an end is told as none.
  return resultOf(check, rows, failed, Number.isFinite(actual) ? actual : null, null);
}

/** Rows in buckets: how they were spread before only a gate knows. */
export const sketched = (check: Check, rows: number, sketch: readonly number[]): CheckResult => ({
  ...resultOf(check, rows, 0, null, null),
  sketch,
});

/** A check that could not run. */
export const couldNotRun = (check: Check, error: string): CheckResult => resultOf(check, 0, 0, null, error);

function resultOf(check: Check, evaluated: number, failed: number, actual: number | null, error: string | null) {
  const { id, name, onFailure, blockAbovePercent = null } = check;
  return { id, name, onFailure, blockAbovePercent, evaluated, failed, error, actual, sample: [] };
}

function failedRows({ expect }: Check, rows: number, broken: number): number {
  if (!expect) return broken;
  if (expect.unit !== 'percent') return compare(expect, broken) ? 0 : Math.max(broken, 1);
  // Multiplied instead of divided: no share is rounded. Of no rows there is no share.
  const shares = { ...expect, bounds: expect.bounds.map((bound) => bound * rows) };
  return rows === 0 || compare(shares, broken * 100) ? 0 : Math.max(broken, 1);
}

/** Where there is nothing to measure, a table with rows fails; an empty one is flagged as not checked. */
const isMet = ({ expect }: Check, rows: number, actual: number | null): boolean =>
  actual === null ? rows === 0 : expect === undefined || compare(expect, actual);

function compare({ operator, bounds: [first = 0, second = 0] }: Expectation, value: number): boolean {
  switch (operator) {
    case 'mustBe':
      return value === first;
    case 'mustNotBe':
      return value !== first;
    case 'mustBeGreaterThan':
      return value > first;
    case 'mustBeGreaterOrEqualTo':
      return value >= first;
    case 'mustBeLessThan':
      return value < first;
    case 'mustBeLessOrEqualTo':
      return value <= first;
    case 'mustBeBetween':
      return value >= first && value <= second;
    case 'mustNotBeBetween':
      return value < first || value > second;
  }
}
