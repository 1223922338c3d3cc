import { stoppedRun } from '../../cli/status.ts';
import type { RunItem } from '../../lambdas/shared/ledger.ts';

describe('a blocked run', () => {
  const gates = [
    { step: 'refine', outcome: 'quarantined', reasons: ['a row was refused'], checks: [] },
    { step: 'model', outcome: 'blocked', reasons: ['a sum is negative'], checks: [] },
  ] as const;
  const run = (runId: string, status: RunItem['status']): RunItem => ({
    ...{ type: 'run', v: 1, runId, status, trigger: 'a test', startedAt: '2026-01-01T00:00:00Z', steps: [], gates },
  });
  const published = { slot: 'blue', runId: 'r1', publishedAt: '2026-01-01T00:00:00Z', tables: {} } as const;

  test('is told, with why it was stopped and what readers see meanwhile, while nothing newer was judged', () => {
    const runs = [run('r4', 'running'), run('r3', 'nothing-to-do'), run('r2', 'blocked'), run('r1', 'succeeded')];
    expect(stoppedRun(runs, published)).toEqual({ runId: 'r2', reasons: ['a sum is negative'], published });
  });

  test('is history once a later run was published, and is not confused with one that failed', () => {
    expect(stoppedRun([run('r3', 'succeeded'), run('r2', 'blocked')], published)).toBeNull();
    expect(stoppedRun([run('r3', 'failed'), run('r2', 'blocked')], published)).toBeNull();
    expect(stoppedRun([], null)).toBeNull();
  });
});
