import type { Plan, StepResults } from '../../lib/plan/plan.ts';
import { watchedRules } from '../../lib/plan/watched-rules.ts';
import type { RunItem, TableState } from '../shared/ledger.ts';
import type { MetricSink } from '../shared/ports.ts';

const OUTCOMES = {
  succeeded: 'RunsSucceeded',
  blocked: 'RunsBlocked',
  failed: 'RunsFailed',
  cancelled: 'RunsCancelled',
} as const;

/** How the run ended, how long it took, and how old what consumers see now is. A run without work says nothing. */
export function measureRun(metrics: MetricSink, run: RunItem, bronze: ReadonlyMap<string, TableState>): void {
  if (run.status === 'running' || run.status === 'nothing-to-do') return;
  metrics.add(OUTCOMES[run.status], 'Count', 1);
  metrics.add('RunDuration', 'Seconds', (run.durationMs ?? 0) / 1000);
  if (run.status !== 'succeeded') return;
  const ages = [...bronze].flatMap(([table, { lastEventTime }]) =>
    lastEventTime ? [{ table, seconds: (Date.parse(run.endedAt ?? '') - Date.parse(lastEventTime)) / 1000 }] : [],
  );
  for (const { table, seconds } of ages) metrics.add('Freshness', 'Seconds', seconds, { table });
  if (ages.length > 0) metrics.add('Freshness', 'Seconds', Math.max(...ages.map(({ seconds }) => seconds)));
}

/** How many rules found what is not usual: they stop nothing, so somebody must be told. */
export function measureUnusual(metrics: MetricSink, plan: Plan, results: readonly StepResults[]): void {
  const unusual = watchedRules(plan, results).filter(({ result }) => result.failed > 0);
  if (unusual.length > 0) metrics.add('RulesUnusual', 'Count', unusual.length);
}
