import { historyKey, withPoint } from '../../lib/plan/history.ts';
import type { Plan, StepResults } from '../../lib/plan/plan.ts';
import { type Watched, watchedRules } from '../../lib/plan/watched-rules.ts';
import type { Ledger } from '../shared/ledger.ts';

/**
 * Keeps what a run measured, for runs to come. Also what was unusual: once half of the history is like it, it is the
 * new usual. Told twice of a run, it keeps its numbers once.
 */
export async function recordHistories(ledger: Ledger, plan: Plan, results: readonly StepResults[]): Promise<void> {
  const measurements = watchedRules(plan, results).flatMap((rule) => {
    const numbers = numbersOf(rule);
    return numbers ? [{ ...rule, numbers, key: historyKey(rule.table, rule.check, plan.createdAt) }] : [];
  });
  const known = await ledger.histories(measurements.map(({ key }) => key));
  const histories = measurements.map(({ key, check, numbers }) => {
    const history = known.find(({ table, rule }) => table === key.table && rule === key.rule);
    return withPoint(check, key, history, { runId: plan.runId, numbers });
  });
  await Promise.all(histories.map((history) => ledger.recordHistory(history)));
}

/** Nothing of a check that could not run, or had nothing to measure. */
function numbersOf({ check, result: { actual, sketch } }: Watched): readonly number[] | undefined {
  if (check.kind === 'drift') return sketch ?? undefined;
  return typeof actual === 'number' ? [actual] : undefined;
}
