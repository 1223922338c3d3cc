import type { RunGates } from '../../../cli/gates/read-gates.ts';
import type { RunItem } from '../../../lambdas/shared/ledger.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { event, line, order } from './shop-events.ts';

/** Consumers keep what they had while a run is blocked, and get the next version when the data is right again. */
export function blockedRun(platform: PlatformUnderTest): void {
  const soldAs = (id: string) =>
    platform.query(`select net_amount from commerce_gold.gold_fact_sales where order_id = '${id}'`);

  describe('a run that a gate blocks', () => {
    // Quantity and price fit their columns; their product does not, so net_amount is null, which the contract forbids.
    const tooMuch = line(1, { quantity: 2_000_000_000, unit_price: '99999999999999.0000' });

    test('leaves consumers with the version before', async () => {
      const before = await platform.goldFingerprint();
      const blocked = platform.writeLines('too-much.jsonl', [
        event('e2e-too-much', order('E2E-BLOCKED', [tooMuch])),
        event('e2e-fine', order('E2E-WAITING', [line(1)])),
      ]);
      const { lastRun } = await platform.sendAndWait(blocked);
      expect(lastRun.status).toBe('blocked');
      expect(await platform.goldFingerprint()).toEqual(before);
      expect(await soldAs('E2E-WAITING')).toEqual([]);
    });

    test('says which check blocked it', async () => {
      const [run] = await platform.json<RunItem[]>('runs', '--limit', '1');
      const blocking = run?.gates.find(({ outcome }) => outcome === 'blocked');
      expect(blocking?.reasons.join('\n')).toMatch(/gold_fact_sales.*net_amount/);
    });

    test('shows what is usual, or that it is still being learnt, which stops nothing', async () => {
      const { gates } = await platform.json<Pick<RunGates, 'gates'>>('gates');
      const usual = gates.flatMap(({ rules }) => rules.filter(({ rule }) => rule.startsWith('usual_')));
      const known = expect.stringMatching(/: (learning \(all runs, \d+ of 14 points\)|.*\d \(all runs, \d+ points\))$/);
      expect(usual.map(({ rule }) => rule)).toEqual(['usual_share_of_guests', 'usual_countries']);
      for (const rule of usual) expect(rule).toMatchObject({ outcome: 'passed', expected: known });
    });

    test('is followed by one that publishes everything, once the order is corrected', async () => {
      const later = { time: '2011-03-01T11:00:00Z' };
      const corrected = platform.writeLines('corrected.jsonl', [
        event('e2e-corrected', order('E2E-BLOCKED', [line(1)]), later),
      ]);
      const { lastRun } = await platform.sendAndWait(corrected);
      expect(lastRun.status).toBe('succeeded');
      expect(await soldAs('E2E-BLOCKED')).toEqual([{ net_amount: '19.9800' }]);
      expect(await soldAs('E2E-WAITING')).toEqual([{ net_amount: '19.9800' }]);
    });
  });
}
