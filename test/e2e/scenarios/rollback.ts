import type { History } from '../../../cli/publish/describe-publications.ts';
import type { RunItem } from '../../../lambdas/shared/ledger.ts';
import type { PlanLine } from '../../../lib/plan/explain-plan.ts';
import type { PlatformUnderTest, Row } from '../platform-under-test.ts';
import { event, line, order } from './shop-events.ts';

/** Gold was wrong: consumers see again what they saw before, until somebody has repaired it. */
export function rollback(platform: PlatformUnderTest): void {
  const send = (number: number): Promise<{ lastRun: RunItem }> => {
    const sold = event(`e2e-rollback-${number}`, order(`E2E-ROLLBACK-${number}`, [line(1)]));
    return platform.sendAndWait(platform.writeLines(`rollback-${number}.jsonl`, [sold]));
  };
  const sold = (): Promise<Row[]> =>
    platform.query(`
      select order_id from commerce_gold.gold_fact_sales where order_id like 'E2E-ROLLBACK-%' order by 1`);
  const orders = (...numbers: readonly number[]) => numbers.map((number) => ({ order_id: `E2E-ROLLBACK-${number}` }));
  const history = async (): Promise<History> => {
    const [found] = await platform.json<History[]>('publish', 'history', 'commerce');
    if (!found) throw new Error('no history of commerce');
    return found;
  };
  /** Rows that gold would not have, or would have besides, had all of it been built from silver at once. */
  const differences = (): Promise<Row[]> => {
    const silver = `select order_id, line_no, quantity, unit_price, cast(quantity * unit_price as decimal(18, 4)) as net_amount
                    from commerce_silver.order_lines`;
    const gold = 'select order_id, line_no, quantity, unit_price, net_amount from commerce_gold.gold_fact_sales';
    return platform.query(`(${silver} except all ${gold}) union all (${gold} except all ${silver})`);
  };

  describe('a rollback', () => {
    let before: Row[];

    test('shows what consumers saw before, all tables together, with who wanted it and why', async () => {
      before = await platform.goldFingerprint();
      const { lastRun } = await send(1);
      expect(await sold()).toEqual(orders(1));
      const answer = await platform.json<{ from: string; seconds: number }>(
        ...['publish', 'rollback', 'commerce', '--reason', 'order 1 was never placed'],
      );
      expect(answer.from).toBe(lastRun.runId);
      process.stderr.write(`rollback: ${answer.seconds} s\n`);
      expect(await platform.goldFingerprint()).toEqual(before);
      const { publications, hold } = await history();
      expect(publications[0]).toMatchObject({ isVisible: true, rollback: { reason: 'order 1 was never placed' } });
      expect(publications[1]).toMatchObject({ id: lastRun.runId, isVisible: false, lost: null });
      expect(hold).toMatchObject({ by: expect.stringMatching(/./), reason: 'order 1 was never placed' });
    });

    test('holds gold: new events come to silver and change nothing of what consumers see', async () => {
      const { lastRun } = await send(2);
      expect([lastRun.status, lastRun.steps.map(({ name }) => name)]).toEqual(['succeeded', ['refine']]);
      expect(await platform.goldFingerprint()).toEqual(before);
      const [plan] = await platform.json<{ tables: PlanLine[] }[]>('plan', 'commerce');
      const gold = plan?.tables.filter(({ table }) => table.startsWith('commerce.gold.')) ?? [];
      expect(gold.map(({ table }) => table)).toContain('commerce.gold.gold_fact_sales');
      const held = { action: 'skip', why: expect.stringMatching(/^gold is held since /) };
      for (const line of gold) expect(line).toMatchObject(held);
      expect((await platform.succeed('status')).stdout).toMatch(/gold is held since .*: order 1 was never placed/);
    });

    test('ends with a release: the next runs publish all that came, in either slot, as if there had been no rollback', async () => {
      await platform.succeed('publish', 'release', 'commerce');
      const released = await platform.json<RunItem>('run', 'commerce', '--wait');
      expect([released.status, released.steps.map(({ name }) => name)]).toEqual(['succeeded', ['model']]);
      expect(await sold()).toEqual(orders(1, 2));
      expect(await differences()).toEqual([]);
      await send(3);
      expect(await sold()).toEqual(orders(1, 2, 3));
      expect(await differences()).toEqual([]);
    });
  });
}
