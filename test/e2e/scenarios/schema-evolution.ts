import path from 'node:path';
import type { Result } from '../../../cli/quarantine/close-entries.ts';
import type { Entry } from '../../../cli/quarantine/entries.ts';
import type { PlatformUnderTest, Row } from '../platform-under-test.ts';
import { ProjectCopy } from '../project-copy.ts';
import { event, line, order } from './shop-events.ts';

const CONTRACT = 'domains/commerce/contracts/bronze/orders.odcs.yaml';
const SILVER = 'domains/commerce/contracts/silver/order_lines.odcs.yaml';
const REFUSING = `            customProperties:
              - { property: onFailure, vendor: sluice, value: quarantine }`;
const CHANNEL = `      - id: channel
        name: channel
        description: Where the order was placed.
        logicalType: string
        classification: internal
`;
const LINES = `      - id: lines
        name: lines`;
const UNIT_PRICE = `            - id: lines_unit_price`;
const DISCOUNT = `            - id: lines_discount
              name: discount
              description: Share of the price that was let off.
              logicalType: number
              physicalType: decimal(18,4)
              classification: internal
`;

const MODEL = 'domains/commerce/models/gold_product_performance.sql';
const GOLD = 'domains/commerce/contracts/gold/gold_product_performance';

/** Gold calls its revenue otherwise, which is a break, and goes on to serve the version before as a view. */
function renameRevenue(project: ProjectCopy): void {
  const old = project.read(`${GOLD}.odcs.yaml`);
  project.change(MODEL, 'amount as net_amount', 'amount as revenue');
  project.change(MODEL, 'net_amount as amount', 'revenue as amount');
  project.change(`${GOLD}.odcs.yaml`, 'name: net_amount', 'name: revenue');
  project.change(`${GOLD}.odcs.yaml`, 'version: 2.0.0', 'version: 3.0.0');
  const renamed = old
    .replaceAll('gold_product_performance', 'gold_product_performance_v1')
    .replace(/^id: .*$/m, 'id: commerce-gold-product-performance-v1')
    .replace('slaProperties:', "slaProperties:\n  - { property: endOfLife, value: '2027-01-31' }")
    .replace(/inputs: .*\n( *)write: .*/, VIEW);
  project.write(`${GOLD}_v1.odcs.yaml`, renamed);
}

const VIEW = `versionOf: commerce.gold.gold_product_performance
$1write: { mode: view, columns: { net_amount: { from: revenue } } }`;

/** A contract grows while producers send, is repaired where it refused too much, and is kept from shrinking. Last: it leaves tables that are ahead of the project. */
export function schemaEvolution(platform: PlatformUnderTest): void {
  describe('a contract that changes', () => {
    let project: ProjectCopy;
    const newOrder = (id: string) => ({ ...order(id, [line(1, { discount: '0.1000' })]), channel: 'web' });
    const linesOf = (id: string): Promise<Row[]> =>
      platform.query(`
        select line_no, quantity from commerce_silver.order_lines where order_id = '${id}' order by line_no`);
    const refusedLines = async (id: string): Promise<string[]> => {
      const filter = ['--gate', 'G1', '--status', 'all', '--limit', '1000'];
      const found = await platform.json<Entry[]>('quarantine', 'list', ...filter);
      return found.filter(({ event_id }) => event_id === id).map(({ quarantine_id }) => quarantine_id);
    };
    const send = async (id: string, data: object, ...more: object[]): Promise<unknown> => {
      await platform.succeed('send', 'shop', platform.writeLines(`${id}.jsonl`, [event(id, data), ...more]));
      return platform.succeed('wait', '--timeout', '540');
    };
    const landed = (): Promise<unknown[]> =>
      platform.query(`
        select order_id, channel, lines::varchar like '%0.1000%' as is_discounted from commerce_bronze.orders
        where order_id like 'evolve-%' order by 1`);
    const undeclared = async (): Promise<string[]> => {
      const filter = ['--rule', 'g0.undeclared', '--limit', '1000'];
      const found = await platform.json<{ event_id: string; quarantine_id: string }[]>('quarantine', 'list', ...filter);
      return found.flatMap(({ event_id, quarantine_id }) => (event_id === 'evolve-early' ? quarantine_id : []));
    };

    beforeAll(() => {
      project = new ProjectCopy(path.join(platform.folder, 'branch'));
    });

    test('before the deploy, a new column is undeclared and waits in quarantine', async () => {
      const early = newOrder('evolve-early');
      const gift = order('gift', [line(1), line(2, { quantity: 0 }), line(3, { unit_price: '-1.00' })]);
      await send('evolve-early', early, event('gift', gift));
      expect(await undeclared()).toHaveLength(1);
      expect(await linesOf('gift')).toEqual([{ line_no: 1, quantity: 2 }]);
    });

    test('after it, old and new producers land side by side, and what waited can be replayed', async () => {
      project.change(CONTRACT, LINES, CHANNEL + LINES);
      project.change(CONTRACT, UNIT_PRICE, DISCOUNT + UNIT_PRICE);
      project.change(SILVER, REFUSING, REFUSING.replace('quarantine', 'warn'));
      renameRevenue(project);
      expect(await platform.sluiceOf(project.folder, 'deploy', '--domain', 'commerce')).toMatchObject({ code: 0 });
      await send('evolve-old', order('evolve-old', [line(1)]), event('evolve-new', newOrder('evolve-new')));
      await platform.succeed('quarantine', 'replay', ...(await undeclared()));
      expect(await landed()).toEqual([
        { order_id: 'evolve-early', channel: 'web', is_discounted: true },
        { order_id: 'evolve-new', channel: 'web', is_discounted: true },
        { order_id: 'evolve-old', channel: null, is_discounted: false },
      ]);
    });

    test('rows that a rule refused go to silver once it is repaired, as if it had never refused them, and only once', async () => {
      const ids = await refusedLines('gift');
      expect(ids).toHaveLength(2);
      const replay = await platform.sluice('quarantine', 'replay', ...ids, '--json');
      const results = JSON.parse(replay.stdout) as Result[];
      expect(results.map(({ type }) => type).sort()).toEqual(['RefusedAgain', 'Replayed']);
      expect(replay.code).toBe(1);
      const clean = [
        { line_no: 1, quantity: 2 },
        { line_no: 2, quantity: 0 },
      ];
      expect(await linesOf('gift')).toEqual(clean);
      const replayed = results.filter(({ type }) => type === 'Replayed').map(({ quarantineId }) => quarantineId);
      const again = await platform.json<Result[]>('quarantine', 'replay', ...replayed);
      expect(again.map(({ type }) => type)).toEqual(['ClosedBefore']);
      expect(await linesOf('gift')).toEqual(clean);
      const gates = await platform.json<{ gates: { step: string; rules: unknown[] }[] }>('gates');
      expect(gates.gates.map(({ step }) => step)).toEqual(['refine', 'model']);
    });

    test('after a breaking change of gold both versions are read, with the same content under the names of each', async () => {
      const expected = await platform.query(`
          select product_id, order_date::varchar as day, sum(quantity * unit_price)::decimal(18, 4)::varchar as amount
          from commerce_gold.gold_fact_sales group by 1, 2, currency order by 1, 2, 3`);
      const read = (table: string, column: string) =>
        platform.query(`
            select product_id, period_start::varchar as day, ${column}::varchar as amount
            from commerce_gold.${table} where period = 'day' order by 1, 2, 3`);
      expect(expected.length).toBeGreaterThan(0);
      expect(await read('gold_product_performance', 'revenue')).toEqual(expected);
      expect(await read('gold_product_performance_v1', 'net_amount')).toEqual(expected);
    });

    test('a column that is dropped is refused at deploy with its reason, and the platform goes on as it was', async () => {
      project.change(CONTRACT, CHANNEL, '');
      const refused = await platform.sluiceOf(project.folder, 'deploy', '--domain', 'commerce');
      expect(refused.code).toBe(1);
      const said = refused.stderr.replaceAll(/\s+/g, ' ');
      expect(said).toContain(
        "commerce.bronze.orders: column 'channel': found string; the contract wants no such column",
      );
      expect(said).toContain('new major version');
      await send('evolve-later', newOrder('evolve-later'));
      expect(await landed()).toContainEqual({ order_id: 'evolve-later', channel: 'web', is_discounted: true });
    });
  });
}
