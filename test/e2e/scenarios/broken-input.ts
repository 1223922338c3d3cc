import type { PlatformUnderTest, Row } from '../platform-under-test.ts';
import { event, line, order } from './shop-events.ts';

/** What no contract accepts is found again, each with its reason and place. */
export function brokenInput(platform: PlatformUnderTest): void {
  const inQuarantine = (where: string): Promise<Row[]> =>
    platform.query(`
      select quarantine_id, reasons, gate, contract_version, "table", payload, _shard, length(split_part(_sequence, '.', 1)) as digits
      from commerce_ops.quarantine where ${where} order by reasons::varchar`);
  const placed = { _shard: expect.stringMatching(/^shardId-/), digits: 64 };

  describe('broken input', () => {
    test('lands in quarantine, and is accounted for', async () => {
      const { ordered_at: _, ...undated } = order('E2E-UNDATED', [line(1)]);
      const broken = [line(2, { quantity: 0 }), line(3, { unit_price: '-1.00' })];
      const file = platform.writeLines('broken.jsonl', [
        'this is not JSON',
        event('e2e-unknown', order('E2E-UNKNOWN', [line(1)]), { type: 'commerce.wishes.v1' }),
        event('e2e-undated', undated),
        event('e2e-type', order('E2E-TYPE', [line(1, { quantity: 'many' })])),
        event('e2e-mixed', order('E2E-MIXED', [line(1), ...broken, line(4)])),
      ]);
      const { events, lastRun } = await platform.sendAndWait(file, '--raw');
      expect(lastRun.status).toBe('succeeded');
      expect(events.quarantined).toBe(4);
      expect(events.landed + events.quarantined).toBe(events.sent);
    });

    test('that is no JSON is sealed as it came, with reason and position', async () => {
      const rows = await inQuarantine('event_id is null');
      expect(rows).toEqual([expect.objectContaining({ ...placed, gate: 'G0', payload: null })]);
      expect(String(rows[0]?.reasons)).toMatch(/not JSON/);
      const id = String(rows[0]?.quarantine_id);
      expect(await platform.json('quarantine', 'show', id, '--reveal')).toMatchObject({
        original: 'this is not JSON',
      });
    });

    test.each([
      ['e2e-unknown', /commerce\.wishes\.v1/, null],
      ['e2e-undated', /ordered_at/, '1.0.0'],
      ['e2e-type', /quantity/, '1.0.0'],
    ])(
      '%s is found with reason, position and contract version, and without the customer',
      async (id, reason, version) => {
        const rows = await inQuarantine(`event_id = '${id}'`);
        expect(rows).toEqual([expect.objectContaining({ ...placed, gate: 'G0', contract_version: version })]);
        expect(String(rows[0]?.reasons)).toMatch(reason);
        // What has no contract cannot be masked by it, so it is there sealed only.
        if (version) expect(rows[0]?.payload).not.toContain('4711');
        else expect(rows[0]?.payload).toBeNull();
      },
    );

    test('in a line stops that line only: the others are sold', async () => {
      const rows = await inQuarantine("event_id = 'e2e-mixed'");
      const found = { ...placed, gate: 'G1', table: 'commerce.silver.order_lines', contract_version: '1.1.0' };
      expect(rows).toEqual([expect.objectContaining(found), expect.objectContaining(found)]);
      expect(rows.map(({ reasons }) => String(reasons))).toEqual([
        expect.stringMatching(/quantity/),
        expect.stringMatching(/unit_price/),
      ]);
      const sold = await platform.query(`
        select line_no, net_amount from commerce_gold.gold_fact_sales where order_id = 'E2E-MIXED' order by line_no`);
      expect(sold).toEqual([
        { line_no: 1, net_amount: '19.9800' },
        { line_no: 4, net_amount: '19.9800' },
      ]);
    });
  });
}
