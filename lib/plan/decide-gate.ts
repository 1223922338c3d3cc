import { judgeChecks, OUTCOMES, type Outcome, type Verdict } from './judge-checks.ts';
import type { Plan, StepResults, TableResult } from './plan.ts';

export type { Outcome } from './judge-checks.ts';

export interface GateDecision {
  readonly outcome: Outcome;
  /** What keeps the step from being `passed`, worst first. */
  readonly reasons: readonly string[];
}

/** May the run go on? A check that could not run, or of which nothing is known, is not a pass. */
export function decideGate(results: StepResults, plan: Pick<Plan, 'refine' | 'model'>): GateDecision {
  const findings = [...judgeChecks(results, plan).map(ofVerdict), ...results.tables.flatMap(ofEmptyTable)]
    .filter(({ reason }) => reason !== undefined)
    .sort((a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome));
  return { outcome: findings[0]?.outcome ?? 'passed', reasons: findings.map(({ reason = '' }) => reason) };
}

interface Finding {
  readonly outcome: Outcome;
  readonly reason: string | undefined;
}

function ofVerdict({ table, outcome, reason, override }: Verdict): Finding {
  const by = override ? ` (overridden by ${override.approver} until ${override.until}: ${override.reason})` : '';
  return { outcome, reason: reason && `${table}: ${reason}${by}` };
}

/** Of the columns, which a table has without any row too. */
const OF_NO_ROW = 'columns';

function ofEmptyTable({ table, checks, judgedAgain }: TableResult): Finding[] {
  const ofRows = checks.filter(({ id }) => id !== OF_NO_ROW);
  const isVacuous = ofRows.length > 0 && ofRows.every(({ evaluated, error }) => evaluated === 0 && error === null);
  // Rows that are judged again count for no check: a run may have been for them alone.
  return isVacuous && judgedAgain === 0
    ? [{ outcome: 'warned', reason: `${table}: no row was checked; 0 of 0 is not a pass` }]
    : [];
}
