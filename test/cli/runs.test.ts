import { cancelRun } from '../../cli/runs/cancel-run.ts';
import { checkRetry } from '../../cli/runs/retry-run.ts';
import type { RunItem } from '../../lambdas/shared/ledger.ts';
import { MemoryLedger } from '../lambdas/fakes/memory-ledger.ts';

const AT = '2011-01-04T10:00:00.000Z';
const run = (runId: string, status: RunItem['status']): RunItem => ({
  ...{ type: 'run', v: 1, runId, status, trigger: 'a commit', startedAt: AT, steps: [], gates: [] },
});

describe('a retry', () => {
  test.each(['failed', 'blocked', 'cancelled'] as const)('takes a run that %s', (status) => {
    const tried = run('shop-2', status);
    expect(() => checkRetry(tried, [run('shop-3', 'failed'), tried, run('shop-1', 'succeeded')])).not.toThrow();
  });

  test.each([
    ['running', /not over/],
    ['succeeded', /ended well/],
    ['nothing-to-do', /ended well/],
  ] as const)('refuses one that is %s', (status, reason) => {
    expect(() => checkRetry(run('shop-2', status), [])).toThrow(reason);
  });

  test('refuses one whose work a later run has done', () => {
    const tried = run('shop-2', 'failed');
    expect(() => checkRetry(tried, [run('shop-3', 'succeeded'), tried])).toThrow(/'shop-3' came after it/);
  });
});

describe('a cancellation', () => {
  const cancellation = { by: 'ada', reason: 'a wrong file', at: AT };

  /** Whose stopped executions are recorded as finish-run does. */
  function domain(ledger: MemoryLedger) {
    const stopped: [string, string][] = [];
    const stop = async (runId: string, cause: string): Promise<void> => {
      stopped.push([runId, cause]);
      await ledger.endRun('shop', { ...run(runId, 'cancelled'), endedAt: AT, cancellation });
    };
    return { stopped, cancel: () => cancelRun({ ledger, executions: { stop } }, 'shop', cancellation) };
  }

  test('stops the active run and gives its end', async () => {
    const ledger = new MemoryLedger();
    await ledger.claim({ domain: 'shop', runId: 'shop-1', trigger: 'a commit', at: AT });
    const { cancel, stopped } = domain(ledger);
    expect(await cancel()).toMatchObject({ runId: 'shop-1', status: 'cancelled' });
    expect(stopped).toEqual([['shop-1', 'a wrong file']]);
  });

  test('says that there is none', async () => {
    const { cancel, stopped } = domain(new MemoryLedger());
    await expect(cancel()).rejects.toThrow("domain 'shop' has no active run");
    expect(stopped).toEqual([]);
  });

  test('leaves maintenance alone, and a run that has ended', async () => {
    const ledger = new MemoryLedger();
    const { cancel, stopped } = domain(ledger);
    ledger.holdFor('shop', 'maintenance-1', { from: AT, until: '2011-01-04T10:15:00.000Z' });
    await expect(cancel()).rejects.toThrow("'maintenance-1' has domain 'shop'");
    const ended = new MemoryLedger();
    await ended.claim({ domain: 'shop', runId: 'shop-1', trigger: 'a commit', at: AT });
    await ended.endRun('shop', { ...run('shop-1', 'succeeded'), endedAt: AT });
    await expect(domain(ended).cancel()).rejects.toThrow("'shop-1' has just ended");
    expect(stopped).toEqual([]);
  });
});
