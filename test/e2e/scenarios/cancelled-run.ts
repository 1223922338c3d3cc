import { setTimeout as sleep } from 'node:timers/promises';
import type { RunItem } from '../../../lambdas/shared/ledger.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { event, line, order } from './shop-events.ts';

const POLL_MS = 100;

/** A run ends between silver and gold, and the next one does what is left. */
export function cancelledRun(platform: PlatformUnderTest): void {
  const sold = () =>
    platform.query("select net_amount from commerce_gold.gold_fact_sales where order_id = 'E2E-CANCELLED'");

  /** The run that builds gold: its silver is done, and its job has begun. */
  async function untilModelRuns(): Promise<string> {
    for (;;) {
      const [run] = await platform.json<RunItem[]>('runs', '--limit', '1');
      if (run?.status === 'running' && (await platform.sparkJobs(`${run.runId}-model`)).length > 0) return run.runId;
      await sleep(POLL_MS);
    }
  }

  describe('a run that is cancelled between silver and gold', () => {
    let runId: string;

    test('ends with its job, says by whom and why, and leaves consumers what they had', async () => {
      const before = await platform.goldFingerprint();
      const sent = platform.writeLines('cancelled.jsonl', [event('e2e-cancelled', order('E2E-CANCELLED', [line(1)]))]);
      await platform.succeed('send', 'shop', sent);
      runId = await untilModelRuns();
      const run = await platform.json<RunItem>('runs', 'cancel', 'commerce', '--reason', 'a wrong price list');
      expect(run).toMatchObject({
        runId,
        status: 'cancelled',
        error: expect.stringMatching(/: a wrong price list$/),
      });
      expect(await platform.goldFingerprint()).toEqual(before);
      expect((await platform.sluice('runs', 'cancel', 'commerce', '--reason', 'again')).stderr).toMatch(
        /'commerce' has no active run/,
      );
    });

    test('is retried by a run that refines nothing again, and publishes the rest', async () => {
      const run = await platform.json<RunItem>('runs', 'retry', runId, '--wait');
      expect(run).toMatchObject({ status: 'succeeded', trigger: `retry of ${runId}` });
      expect(run.steps.map(({ name }) => name)).toEqual(['model']);
      expect(await sold()).toEqual([{ net_amount: '19.9800' }]);
      const { code, stderr } = await platform.sluice('runs', 'retry', runId);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/left nothing to do/)]);
    });
  });
}
