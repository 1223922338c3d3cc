import { judgeCheck } from '../quality/judge-check.ts';
import { stabilityIndex, sum } from '../quality/stability-index.ts';
import type { CheckResult, Plan, PlannedCheck, StepResults } from './plan.ts';
import { plannedTables } from './planned-tables.ts';

/** Fewer rows are spread over buckets by chance more than by anything else. */
const ROWS_PER_BUCKET = 20;

/** Jobs only count the rows in each bucket; here that is judged by how they were spread before. */
export function judgeDrift(results: StepResults, plan: Pick<Plan, 'refine' | 'model'>): StepResults {
  const planned = plannedTables(results.step, plan);
  const tables = results.tables.map((result) => {
    const checks = planned.find(({ id }) => id === result.table)?.checks ?? [];
    return { ...result, checks: result.checks.map((each) => judged(each, checks)) };
  });
  return { ...results, tables };
}

function judged(result: CheckResult, checks: readonly PlannedCheck[]): CheckResult {
  const check = checks.find(({ id, kind }) => id === result.id && kind === 'drift');
  const { sketch, evaluated } = result;
  const baseline = check?.learnt?.baseline;
  if (!check || !sketch || !baseline || !areEnough(sketch) || !areEnough(baseline)) return result;
  return { ...judgeCheck(check, evaluated, stabilityIndex(baseline, sketch)), sketch };
}

const areEnough = (counts: readonly number[]): boolean => sum(counts) >= ROWS_PER_BUCKET * counts.length;
