import { type Check, TABLE_CHECKS } from '../contract/contract.ts';
import { expectedOf, expectedOfRows, expectedOfStructure, isMeasure, NUMBERS } from './describe-check.ts';
import { hasHistory } from './history.ts';
import type { Overridable } from './override.ts';
import type { CheckResult, PlannedCheck, Sample, StepResults, TableResult } from './plan.ts';
import { type PlannedTable, plannedTables } from './planned-tables.ts';
import { REFUSED_ROWS } from './row-limit.ts';

/** From the best to the worst; a step's outcome is the worst of its checks'. */
export const OUTCOMES = ['passed', 'warned', 'quarantined', 'blocked'] as const;
export type Outcome = (typeof OUTCOMES)[number];

/** G1 judges rows on their way to silver, G2 tables before they are published. */
export type GateName = 'G1' | 'G2';

/** What a gate says of one rule of one table. */
export interface Verdict extends Overridable {
  readonly gate: GateName;
  readonly table: string;
  readonly rule: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly expected: string;
  /** What was found, in one phrase. */
  readonly actual: string;
  readonly evaluated: number;
  readonly failed: number;
  /** Set unless the rule simply passed. */
  readonly reason?: string;
  /** Why it could not run. */
  readonly error?: string;
  /** A few of the rows that failed; personal data is not in it. */
  readonly sample: readonly Sample[];
}

type Judgement = Pick<Verdict, 'outcome' | 'reason'>;

/** Every rule that a step was to check, and those that it checked besides; whatever is not known to pass has not. */
export const judgeChecks = (results: StepResults, plan: Parameters<typeof plannedTables>[1]): Verdict[] => [
  ...results.tables.flatMap((result) => ofTable(results.step, result, plannedTables(results.step, plan))),
  ...missing(results, plannedTables(results.step, plan)),
];

function ofTable(
  step: StepResults['step'],
  { table, checks }: TableResult,
  planned: readonly PlannedTable[],
): Verdict[] {
  const plan = planned.find(({ id }) => id === table);
  return checks.map((result) => {
    const check = plan?.checks.find(({ id }) => id === result.id);
    const override = check?.override ?? (result.id === REFUSED_ROWS ? plan?.limit?.override : undefined);
    const judgement = told(judge(result), result, check);
    const { id: rule, name, evaluated, failed, sample, error } = result;
    return {
      ...{ gate: gateOf(step, rule, check), table, rule, name, evaluated, failed, sample },
      ...{ expected: expected(result, check, plan), actual: actualOf(result, check) },
      ...(override ? mildly(judgement) : judgement),
      ...(override && { override }),
      ...(error !== null && { error }),
    };
  });
}

/** What is not usual is told by its number: of what should have been, and of what was. */
function told(judgement: Judgement, result: CheckResult, check: PlannedCheck | undefined): Judgement {
  if (!check?.learnt || result.failed === 0 || result.error !== null) return judgement;
  const reason = `check '${result.id}' expected ${expectedOf(check)}, found ${actualOf(result, check)}`;
  return { ...judgement, ...(judgement.reason !== undefined && { reason }) };
}

/** Whatever the plan could not make of an override beforehand: its rule does not block, even if it could not run. */
const mildly = ({ outcome, reason }: Judgement): Judgement => ({
  outcome: outcome === 'blocked' ? 'warned' : outcome,
  ...(reason !== undefined && { reason }),
});

/** Checked of every table without a rule of its contract: it has no owner who could let it pass. */
export const isStructural = (rule: string): boolean =>
  rule === 'columns' || (rule.includes(':') && rule !== REFUSED_ROWS);

/** Silver's rows are judged before they are merged, all else is judged of the table that came out. */
const gateOf = (step: StepResults['step'], rule: string, check: PlannedCheck | undefined): GateName =>
  step === 'model' || rule === 'columns' || (check && judgesTable(check)) ? 'G2' : 'G1';

/** A reference that refuses single rows judges them before they are merged, as `refuses_orphans` of the jobs has it. */
const judgesTable = ({ kind, onFailure }: Check): boolean =>
  TABLE_CHECKS.some((known) => known === kind) && !(kind === 'foreignKey' && onFailure === 'quarantine');

function expected({ id }: CheckResult, check: PlannedCheck | undefined, plan: PlannedTable | undefined): string {
  if (check) return expectedOf(check);
  return id === REFUSED_ROWS && plan?.limit ? expectedOfRows(plan.limit) : expectedOfStructure(id);
}

/** What was found, in one phrase: how many rows failed, or the number that the check measures. */
export function actualOf({ evaluated, failed, error, actual }: CheckResult, check: Check | undefined): string {
  if (error !== null) return 'could not run';
  if (!check || !isMeasure(check)) return `${actual ?? failed} of ${evaluated} failed`;
  if (actual === null || actual === undefined)
    return check.kind === 'drift' && evaluated > 0 ? 'counted, not compared' : 'nothing to measure';
  if (hasHistory(check)) return NUMBERS.format(actual);
  const unit = check.expect?.unit ?? 'number';
  return unit === 'number' ? `${actual}` : `${Number(actual.toFixed(2))} ${unit}`;
}

/**
 * `is_blocking` of the Spark jobs keeps the same rule, since a job must not merge what the gate is going to block:
 * test/vectors/gate-outcomes.json holds both to it.
 */
export function judge(
  result: Pick<CheckResult, 'id' | 'error' | 'failed' | 'evaluated' | 'onFailure' | 'blockAbovePercent'>,
): Judgement {
  const { id, error, failed, evaluated, onFailure, blockAbovePercent } = result;
  if (error !== null) return { outcome: unknown(onFailure), reason: `check '${id}' could not run: ${error}` };
  if (failed === 0 || onFailure === 'record') return { outcome: 'passed' };
  const reason = `check '${id}' failed for ${failed} of ${evaluated}`;
  if (onFailure !== 'quarantine') return { outcome: onFailure === 'block' ? 'blocked' : 'warned', reason };
  const isAbove = blockAbovePercent !== null && failed * 100 > blockAbovePercent * evaluated;
  if (!isAbove) return { outcome: 'quarantined', reason };
  return { outcome: 'blocked', reason: `${reason}, above the limit of ${blockAbovePercent} %` };
}

/** A check of which nothing is known is not a pass: it counts as its failure would. */
const unknown = (onFailure: CheckResult['onFailure']): Outcome =>
  onFailure === 'block' || onFailure === 'quarantine' ? 'blocked' : 'warned';

/** What was planned, but is not in the results, has not been checked. */
function missing({ step, tables }: StepResults, planned: readonly PlannedTable[]): Verdict[] {
  return planned.flatMap((plan) => {
    const result = tables.find(({ table }) => table === plan.id);
    if (!result) return [silent(step, plan.id)];
    const absent = plan.checks.filter((check) => !result.checks.some(({ id }) => id === check.id));
    const limit = plan.limit && !result.checks.some(({ id }) => id === REFUSED_ROWS) ? [LIMIT] : [];
    return [
      ...absent.map((check) => notRun(step, plan.id, check)),
      ...limit.map((each) => ({ ...each, table: plan.id })),
    ];
  });
}

const NOTHING = { evaluated: 0, failed: 0, sample: [] };

const LIMIT: Omit<Verdict, 'table'> = {
  ...NOTHING,
  gate: 'G1',
  rule: REFUSED_ROWS,
  name: 'refused_rows',
  outcome: 'blocked',
  expected: 'the share of refused rows',
  actual: 'did not run',
  reason: `check '${REFUSED_ROWS}' did not run`,
};

const silent = (step: StepResults['step'], table: string): Verdict => ({
  ...NOTHING,
  gate: gateOf(step, 'columns', undefined),
  table,
  rule: 'table:results',
  name: 'results_reported',
  outcome: 'blocked',
  expected: 'results of the job',
  actual: 'none',
  reason: 'the job reported no result',
});

const notRun = (step: StepResults['step'], table: string, check: PlannedCheck): Verdict => ({
  ...NOTHING,
  gate: gateOf(step, check.id, check),
  table,
  rule: check.id,
  name: check.name,
  outcome: unknown(check.onFailure),
  expected: expectedOf(check),
  actual: 'did not run',
  reason: `check '${check.id}' did not run`,
  ...(check.override && { override: check.override }),
});
