import type { Statement } from '../../../cli/account.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';
import { event, line, order } from './shop-events.ts';

const ORDERS = 'commerce.bronze.orders';

/** Every event that was sent is accounted for, counted from the stream itself. */
export function accounting(platform: PlatformUnderTest): void {
  const sums = (statement: Statement, table: string) => {
    const rows = statement.rows.filter((row) => row.table === table);
    const sum = (name: 'produced' | 'landed' | 'quarantined' | 'onFailure' | 'inFlight') =>
      rows.reduce((total, row) => total + row[name], 0);
    return {
      produced: sum('produced'),
      landed: sum('landed'),
      quarantined: sum('quarantined'),
      inFlight: sum('inFlight'),
    };
  };
  const account = (...args: readonly string[]) => platform.json<Statement>('account', ...args);

  describe('the accounts', () => {
    test('balance, with as many events produced as were sent', async () => {
      const before = await account();
      const numbered = [1, 2, 3, 5, 6].map((number) =>
        event(`e2e-numbered-${number}`, order(`E2E-NUMBERED-${number}`, [line(1)]), {
          producerid: 'e2e-till',
          producerseq: number,
        }),
      );
      const { ordered_at: _, ...undated } = order('E2E-NUMBERED-7', [line(1)]);
      const refused = event('e2e-numbered-7', undated, { producerid: 'e2e-till', producerseq: 7 });
      const next = event('e2e-numbered-8', order('E2E-NUMBERED-8', [line(1)]), {
        producerid: 'e2e-till',
        producerseq: 8,
      });
      const wish = event('e2e-wish', order('E2E-WISH', [line(1)]), { type: 'commerce.wishes.v1' });
      await platform.sendAndWait(platform.writeLines('numbered.jsonl', [...numbered, refused, next, wish]), '--raw');
      const after = await account();
      expect(after.verdict).toMatchObject({ law: 'balanced', inFlight: 0, missing: 0, excess: 0 });
      const grown = (table: string) => {
        const [now, then] = [sums(after, table), sums(before, table)];
        return [now.produced - then.produced, now.landed - then.landed, now.quarantined - then.quarantined];
      };
      expect(grown(ORDERS)).toEqual([7, 6, 1]);
      expect(grown('commerce.unknown')).toEqual([1, 0, 1]);
    });

    test('name the number that a producer left out, and not the one that was refused', async () => {
      const { rows } = await account('--cached', '--table', 'orders');
      const missing = rows.flatMap(({ missingNumbers }) => missingNumbers);
      expect(missing).toEqual([{ producer: 'e2e-till', first: 4, last: 4 }]);
    });

    test('agree with the tables', async () => {
      const statement = await account('--since', '7d');
      const [found] = await platform.query(`
          select (select count(*) from commerce_bronze.orders where _ingested_at > now() - interval 6 days) as landed,
                 (select count(distinct quarantine_id) from commerce_ops.quarantine
                  where gate = 'G0' and first_seen > now() - interval 6 days) as refused,
                 (select count(distinct quarantine_id) from commerce_ops.quarantine
                  where status = 'replayed' and first_seen > now() - interval 6 days) as replayed`);
      const tables = [ORDERS, 'commerce.unknown'].map((table) => sums(statement, table));
      const sum = (name: 'produced' | 'landed' | 'quarantined') =>
        tables.reduce((total, each) => total + each[name], 0);
      expect(sum('landed')).toBe(found?.landed);
      expect(sum('quarantined')).toBe(Number(found?.refused) - Number(found?.replayed));
      expect(sum('produced')).toBe(sum('landed') + sum('quarantined'));
    });

    test('ask for a table that there is', async () => {
      const wrong = await platform.sluice('account', '--table', 'wishes');
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/'wishes' is unknown; there are/) });
    });
  });
}
