import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Watched } from '../../../cli/watch/describe-watch.ts';
import { DynamoLedger } from '../../../lambdas/shared/dynamo-ledger.ts';
import { brokenRun } from '../../../lambdas/shared/launch-run.ts';
import type { RunItem } from '../../../lambdas/shared/ledger.ts';
import { runIdOf } from '../../../lib/plan/decide-start.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

const MINUTE = 60_000;
const DOMAIN = 'commerce';

/** What nobody is awake for: a run that was lost, and one that failed. */
export function watchdog(platform: PlatformUnderTest): void {
  let ledger: DynamoLedger;
  let lost: string;

  const look = async () => {
    const [watched] = await platform.json<Watched[]>('watch', DOMAIN, '--now');
    if (!watched?.watch) throw new Error('the watchdog did not look');
    const { findings, remedies, unknown } = watched.watch;
    return {
      ...{ unknown, scores: watched.scores },
      findings: findings.map(({ kind, about }) => `${kind} ${about}`),
      remedies: remedies.map(({ kind, about, outcome }) => `${kind} ${about} ${outcome}`),
    };
  };
  /** Ids of the same second sort by their digits: these come after what ran just now. */
  const claim = (hex: string) => {
    const now = new Date();
    return {
      ...{ domain: DOMAIN, runId: runIdOf(DOMAIN, now, hex), trigger: 'a test' },
      at: new Date(now.getTime() - 10 * MINUTE).toISOString(),
    };
  };
  /** A run whose end the ledger knows, and that never had an execution. */
  async function end(hex: string, status: 'blocked' | 'failed'): Promise<string> {
    const run = claim(hex);
    await ledger.claim(run);
    await ledger.endRun(DOMAIN, { ...brokenRun({ ...run, at: new Date().toISOString() }, 'a test'), status });
    await ledger.release(run);
    return run.runId;
  }

  describe('the watchdog', () => {
    beforeAll(async () => {
      const client = DynamoDBDocumentClient.from(new DynamoDBClient(platform.client()));
      ledger = new DynamoLedger(client, await platform.parameter('ledger/table'));
      await platform.succeed('run', DOMAIN, '--wait');
    });

    test('gives back the lease of a run whose execution is gone, and starts that run once more', async () => {
      const run = claim('fffffff1');
      lost = run.runId;
      expect(await ledger.claim(run)).toBe(true);
      const first = await look();
      expect(first.findings).toContain(`stuck-lease ${lost}`);
      expect(first.remedies).toEqual([`release-lease ${lost} done`]);
      expect((await ledger.domainState(DOMAIN)).activeRun).toBeUndefined();
      expect(await ledger.run(DOMAIN, lost)).toMatchObject({ status: 'failed', evidence: expect.anything() });
      const second = await look();
      expect([second.findings, second.remedies]).toEqual([
        expect.arrayContaining([`failed-run ${lost}`]),
        [`restart-run ${lost} done`],
      ]);
      await platform.succeed('run', DOMAIN, '--wait');
      const runs = await platform.json<RunItem[]>('runs', '--limit', '5');
      expect(runs.find(({ trigger }) => trigger === `retry of ${lost} by the watchdog`)?.status).toBe('nothing-to-do');
    });

    test('repairs nothing twice for the same run, starts no blocked run, and none that failed after another one', async () => {
      const hour = (hours: number) => new Date(Date.now() - hours * 60 * MINUTE).toISOString();
      await ledger.takeDomain({ domain: DOMAIN, runId: lost }, { at: hour(2), until: hour(1) });
      const again = await look();
      expect([again.findings, again.remedies]).toEqual([expect.arrayContaining([`stuck-lease ${lost}`]), []]);
      await platform.succeed('run', DOMAIN, '--wait');
      for (const [hex, status] of [['fffffff2', 'blocked'] as const, ['fffffff4', 'failed'] as const]) {
        if (status === 'failed') await end('fffffff3', 'failed');
        const runId = await end(hex, status);
        const seen = await look();
        expect([seen.findings, seen.remedies]).toEqual([expect.arrayContaining([`${status}-run ${runId}`]), []]);
      }
      await platform.succeed('run', DOMAIN, '--wait');
    });

    test('says what it cannot know, and how good tables are', async () => {
      // Whether the accounts balance is none of this test's business: the quarantine is counted with them.
      await platform.sluice('account', '--since', '1h');
      const { unknown, scores } = await look();
      expect(unknown.filter((what) => /^(freshness|age of the quarantine)/.test(what))).toEqual([]);
      expect(unknown).toContainEqual(expect.stringMatching(/^what usually comes for .*commerce\.bronze\.orders/));
      expect(scores[0]?.tables['commerce.gold.gold_fact_sales']).toMatchObject({
        score: expect.any(Number),
        checks: 1,
      });
      const status = (await platform.succeed('status')).stdout;
      expect(status).toMatch(/watchdog at \S+: \d+ findings?; see `sluice watch commerce`/);
      expect(status).toMatch(/^ *table +version +rows +quality$/m);
    });
  });
}
