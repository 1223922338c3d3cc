import type { PlatformUnderTest } from '../platform-under-test.ts';
import { event, line, order } from './shop-events.ts';

/** Messages are hints: what is staged is committed, whatever becomes of them. */
export function lostMessages(platform: PlatformUnderTest): void {
  test('a message that someone deleted is sent again by the reconciler, and its rows are there once', async () => {
    const ids = ['e2e-lost-1', 'e2e-lost-2', 'e2e-lost-3'];
    const file = platform.writeLines(
      'lost.jsonl',
      ids.map((id) => event(id, order(id.toUpperCase(), [line(1)]))),
    );
    await platform.python('lose_messages.py', 'hold');
    await platform.succeed('send', 'shop', file);
    const { lost } = await platform.python<{ lost: number }>('lose_messages.py', 'lose');
    expect(lost).toBeGreaterThan(0);
    await platform.succeed('wait', '--timeout', '540');
    const rows = await platform.query(`
        select _event_id, count(*) as times from commerce_bronze.orders
        where _event_id in ('${ids.join("', '")}') group by all order by all`);
    expect(rows).toEqual(ids.map((id) => ({ _event_id: id, times: 1 })));
  });
}
