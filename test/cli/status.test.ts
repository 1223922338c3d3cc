import { describeFindings, stoppedRun } from '../../cli/status.ts';
import type { RunItem } from '../../lambdas/shared/ledger.ts';
import type { Watch } from '../../lib/watchdog/watch.ts';

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

test('a status tells what the watchdog found and when, but not twice what it tells by itself, nor what is hours old', () => {
  const findings = [
    { kind: 'overdue-table', about: 'shop.gold.sales', message: 'promised' },
    { kind: 'stuck-lease', about: 'shop-r1', message: 'its execution has ended' },
  ] as const;
  const watch: Watch = { type: 'watch', v: 1, at: '2026-01-01T00:00:00Z', findings, unknown: [], remedies: [] };
  expect(describeFindings('shop', watch, new Date('2026-01-01T01:00:00Z'))).toEqual([
    'watchdog at 2026-01-01T00:00:00Z: 2 findings; see `sluice watch shop`',
    'stuck-lease shop-r1: its execution has ended; see docs/runbook.md#stuck-leases',
  ]);
  const late = describeFindings('shop', watch, new Date('2026-01-01T04:00:00Z'));
  expect(late).toEqual([expect.stringMatching(/^the watchdog has not looked since 2026-01-01T00:00:00Z/)]);
  expect(describeFindings('shop', null, new Date())).toEqual(['the watchdog has not looked yet']);
});
