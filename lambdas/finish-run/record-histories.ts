import { type HistoryKey, hasHistory, historyKey, withPoint } from '../../lib/plan/history.ts';
import type { CheckResult, Plan, PlannedCheck, StepResults } from '../../lib/plan/plan.ts';
import { plannedTables } from '../../lib/plan/planned-tables.ts';
import type { Ledger } from '../shared/ledger.ts';

/**
 * Keeps what a run measured, for runs to come. Also what was unusual: once half of the history is like it, it is the
 * new usual. Told twice of a run, it keeps its numbers once.
 */
export async function recordHistories(ledger: Ledger, plan: Plan, results: readonly StepResults[]): Promise<void> {
  const measurements = results.flatMap((step) => measurementsOf(plan, step));
  const known = await ledger.histories(measurements.map(({ key }) => key));
  const histories = measurements.map(({ key, check, numbers }) => {
    const history = known.find(({ table, rule }) => table === key.table && rule === key.rule);
    return withPoint(check, key, history, { runId: plan.runId, numbers });
  });
  await Promise.all(histories.map((history) => ledger.recordHistory(history)));
}

interface Measurement {
  readonly key: HistoryKey;
  readonly check: PlannedCheck;
  readonly numbers: readonly number[];
}

function measurementsOf(plan: Plan, { step, tables }: StepResults): Measurement[] {
  return plannedTables(step, plan).flatMap(({ id, checks }) =>
    checks.filter(hasHistory).flatMap((check) => {
      const found = tables.find(({ table }) => table === id)?.checks.find((result) => result.id === check.id);
      const numbers = found && numbersOf(check, found);
      return numbers ? [{ key: historyKey(id, check, plan.createdAt), check, numbers }] : [];
    }),
  );
}

function numbersOf({ kind }: PlannedCheck, { actual, sketch }: CheckResult): readonly number[] | undefined {
  if (kind === 'drift') return sketch ?? undefined;
  return typeof actual === 'number' ? [actual] : undefined;
}
