import { decideGate } from '../../lib/plan/decide-gate.ts';
import { judgeChecks } from '../../lib/plan/judge-checks.ts';
import type { Plan, StepResults, TableResult } from '../../lib/plan/plan.ts';
import type { Cancellation, GateCheck, RunGate, RunItem, RunOutcome, RunStep } from '../shared/ledger.ts';
import type { Ended, Job } from './ended.ts';

/** What is known of a run at its end. */
export interface RunEnd {
  readonly ended: Ended;
  readonly plan: Plan | null;
  readonly results: readonly StepResults[];
  /** The run as recorded when it started; null when that record is gone. */
  readonly started: Pick<RunItem, 'startedAt' | 'trigger' | 'cancellation'> | null;
  /** ISO 8601, UTC. */
  readonly now: string;
}

export type EndedItem = RunItem & { readonly status: RunOutcome };

/** The run as the ledger keeps it. */
export function describeEnd({ ended, plan, results, started, now }: RunEnd): EndedItem {
  const { outcome, state } = ended;
  const startedAt = started?.startedAt ?? now;
  const cancellation = outcome === 'failed' ? started?.cancellation : undefined;
  const error = cancellation ? explainCancellation(cancellation) : state.error && explain(state.error);
  return {
    type: 'run',
    v: 1,
    runId: state.runId,
    status: cancellation ? 'cancelled' : outcome,
    trigger: started?.trigger ?? state.trigger,
    startedAt,
    endedAt: now,
    durationMs: Date.parse(now) - Date.parse(startedAt),
    steps: results.map((result) => stepOf(result, state[result.step], plan)),
    gates: plan ? results.map((result) => gateOf(result, plan)) : [],
    ...(error && { error }),
    ...(cancellation && { cancellation }),
  };
}

function stepOf(results: StepResults, job: Job | undefined, plan: Plan | null): RunStep {
  const total = (of: (table: TableResult) => number) => results.tables.reduce((sum, table) => sum + of(table), 0);
  return {
    name: results.step,
    outcome: plan ? decideGate(results, plan).outcome : 'passed',
    startedAt: results.startedAt,
    endedAt: results.endedAt,
    rowsIn: total(({ rowsIn }) => rowsIn),
    rowsOut: total(({ rowsOut }) => rowsOut),
    quarantined: total(({ quarantined }) => quarantined),
    ...(results.bytesRead !== undefined && { bytesRead: results.bytesRead }),
    ...(job?.jobRunId && { jobRunId: job.jobRunId }),
    ...(job?.seconds !== undefined && { overheadSeconds: overheadOf(results, job.seconds) }),
    ...(job?.billed && { billed: job.billed }),
  };
}

/** Seconds are whole where the service counts them, and the clocks are two. */
const overheadOf = ({ startedAt, endedAt }: StepResults, seconds: number): number =>
  Math.max(0, Math.round(seconds - (Date.parse(endedAt) - Date.parse(startedAt)) / 1000));

const gateOf = (results: StepResults, plan: Plan): RunGate => ({
  step: results.step,
  ...decideGate(results, plan),
  checks: checksOf(results, plan),
});

/** Without samples: those stay with the results, where `sluice gates` finds them. */
const checksOf = (results: StepResults, plan: Plan): GateCheck[] =>
  judgeChecks(results, plan).map(({ table, rule, name, evaluated, failed, outcome, error, override }) => ({
    ...{ table, id: rule, name, evaluated, failed, outcome },
    ...(error !== undefined && { error }),
    ...(override && { override }),
  }));

const explainCancellation = ({ by, reason }: Cancellation): string => `cancelled by ${by}: ${reason}`;

/** The longest cause that is kept: enough to see what broke, and the log holds the rest. */
const MAX_ERROR = 2000;

/** A task's cause is JSON of the service that failed; what a person wants of it is one sentence. */
export function explain({ Error: name, Cause: cause = '' }: { Error?: string; Cause?: string }): string {
  const found = parsed(cause);
  const said = found?.StateDetails ?? found?.errorMessage ?? cause;
  const where = found?.JobRunId ? `job run ${found.JobRunId}` : (found?.errorType ?? name ?? 'Error');
  return `${where}: ${said}`.slice(0, MAX_ERROR);
}

function parsed(text: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return typeof found === 'object' && found !== null ? (found as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
