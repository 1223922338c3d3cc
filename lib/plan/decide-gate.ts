import type { CheckResult, Plan, StepResults, TableResult } from './plan.ts';
import { plannedTables } from './planned-tables.ts';

/** From the best to the worst; a step's outcome is the worst of its checks'. */
export const OUTCOMES = ['passed', 'warned', 'quarantined', 'blocked'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface GateDecision {
  readonly outcome: Outcome;
  /** What keeps the step from being `passed`, worst first. */
  readonly reasons: readonly string[];
}

interface Finding {
  readonly outcome: Outcome;
  readonly reason: string;
}

/** May the run go on? A check that could not run, or of which nothing is known, is not a pass. */
export function decideGate(results: StepResults, plan: Plan): GateDecision {
  const findings = [...results.tables.flatMap(tableFindings), ...missingResults(results, plan)].sort(
    (a, b) => OUTCOMES.indexOf(b.outcome) - OUTCOMES.indexOf(a.outcome),
  );
  return { outcome: findings[0]?.outcome ?? 'passed', reasons: findings.map(({ reason }) => reason) };
}

function tableFindings({ table, checks }: TableResult): Finding[] {
  const findings = checks.flatMap((check) => {
    const finding = checkFinding(check);
    return finding ? [{ ...finding, reason: `${table}: ${finding.reason}` }] : [];
  });
  const isVacuous = checks.length > 0 && checks.every(({ evaluated, error }) => evaluated === 0 && error === null);
  if (isVacuous) findings.push({ outcome: 'warned', reason: `${table}: no row was checked; 0 of 0 is not a pass` });
  return findings;
}

function checkFinding(check: CheckResult): Finding | undefined {
  const { id, error, failed, evaluated, onFailure, blockAbovePercent } = check;
  if (error !== null) return { outcome: 'blocked', reason: `check '${id}' could not run: ${error}` };
  if (failed === 0) return undefined;
  const counted = `check '${id}' failed for ${failed} of ${evaluated}`;
  if (onFailure === 'block') return { outcome: 'blocked', reason: counted };
  if (onFailure === 'warn') return { outcome: 'warned', reason: counted };
  const isAbove = blockAbovePercent !== null && failed * 100 > blockAbovePercent * evaluated;
  if (isAbove) return { outcome: 'blocked', reason: `${counted}, above the limit of ${blockAbovePercent} %` };
  return { outcome: 'quarantined', reason: counted };
}

/** What was planned, but is not in the results, has not been checked. */
function missingResults({ step, tables }: StepResults, plan: Plan): Finding[] {
  return plannedTables(step, plan).flatMap(({ id, checks }) => {
    const result = tables.find(({ table }) => table === id);
    if (!result) return [{ outcome: 'blocked', reason: `${id}: the job reported no result` }];
    const missing = checks.filter((check) => !result.checks.some((done) => done.id === check.id));
    return missing.map((check) => ({ outcome: 'blocked', reason: `${id}: check '${check.id}' did not run` }));
  });
}
