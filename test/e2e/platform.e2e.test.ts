import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { RunItem } from '../../lambdas/shared/ledger.ts';
import { PlatformUnderTest, type Row } from './platform-under-test.ts';

const MINUTE = 60_000;
const DAYS = ['2010-12-05', '2010-12-19', '2010-12-22', '2011-01-16', '2011-02-10'];
const BRONZE_LOCATION_SQL = 'select count(*) from commerce_bronze.orders';

interface Totals {
  readonly lines: number;
  readonly broken_lines: number;
  readonly invoices: number;
  readonly cancellations: number;
  readonly lines_without_customer: number;
  readonly customers: number;
  readonly days: readonly Row[];
  readonly products: readonly Row[];
}
interface Waited {
  readonly commerce: { readonly events: { sent: number; landed: number; quarantined: number }; readonly lastRun: RunItem };
}

const platform = new PlatformUnderTest();
let files: string[] = [];
let totals: Totals;

/** Sums of gold by one column, in the form of the reference. */
const goldBy = (column: string): Promise<Row[]> =>
  platform.query(`
    select ${column}::varchar as key, count(*) as lines, sum(quantity) as units, sum(net_amount) as revenue
    from commerce_gold.gold_fact_sales group by 1 order by 1`);

/** Changes with any value of any row of gold. */
const fingerprint = (): Promise<Row[]> =>
  platform.query(`
    select (select md5(string_agg(f::varchar, '|' order by order_id, line_no)) from commerce_gold.gold_fact_sales f) as sales,
           (select md5(string_agg(p::varchar, '|' order by product_id, order_date, currency)) from commerce_gold.gold_product_performance p) as products`);

const sendAndWait = async (...args: readonly string[]): Promise<Waited['commerce']> => {
  await platform.succeed('send', 'shop', ...args);
  return (await platform.json<Waited>('wait', '--timeout', '300')).commerce;
};

/** A file of lines below the platform's folder. */
const fileOf = (name: string, lines: readonly (object | string)[]): string => {
  const file = path.join(platform.folder, name);
  writeFileSync(file, lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''));
  return file;
};

const order = (id: string, lines: readonly object[]) => ({
  order_id: id,
  customer_id: '4711',
  ordered_at: '2011-03-01T10:00:00Z',
  country: 'Norway',
  currency: 'NOK',
  is_cancellation: false,
  lines,
});
const line = (line_no: number, change: object = {}) => ({
  line_no,
  product_id: 'P-1',
  description: 'a product',
  quantity: 2,
  unit_price: '9.99',
  ...change,
});
const event = (id: string, data: object, change: object = {}) => ({
  specversion: '1.0',
  id,
  source: '/commerce/shop',
  type: 'commerce.orders.v1',
  time: '2011-03-01T10:00:00Z',
  datacontenttype: 'application/json',
  data,
  ...change,
});

beforeAll(async () => {
  files = platform.realDays(...DAYS);
  totals = await platform.python<Totals>('reference_totals.py', ...files);
  await platform.up();
  await platform.succeed('deploy');
}, 5 * MINUTE);

afterAll(() => platform.dispose(), MINUTE);

describe('several real days of a shop', () => {
  test('are accounted for, each event once', async () => {
    const { events, lastRun } = await sendAndWait(...files);
    expect(lastRun.status).toBe('succeeded');
    expect(events).toEqual({ sent: totals.invoices, landed: totals.invoices, quarantined: 0 });
  }, 5 * MINUTE);

  test('give gold with lines, units and revenue of each day to the cent', async () => {
    expect(await goldBy('order_date')).toEqual(totals.days);
    expect(totals.days.length).toBe(DAYS.length);
  }, MINUTE);

  test('give gold with lines, units and revenue of each product to the cent', async () => {
    expect(await goldBy('product_id')).toEqual(totals.products);
  }, MINUTE);

  test('give product performance that adds up to the same', async () => {
    const products = await platform.query(`
      select product_id as key, sum(line_count) as lines, sum(units) as units, sum(net_amount) as revenue
      from commerce_gold.gold_product_performance group by 1 order by 1`);
    expect(products).toEqual(totals.products);
  }, MINUTE);

  test('show cancellations, and customers as tokens only', async () => {
    const [counted] = await platform.query(`
      select count(distinct order_id) filter (is_cancellation) as cancellations,
             count(*) filter (customer_id is null) as lines_without_customer,
             count(distinct customer_id) as customers,
             count(*) filter (regexp_matches(customer_id, '^\\d+(\\.\\d+)?$')) as readable_customers
      from commerce_gold.gold_fact_sales`);
    const { cancellations, lines_without_customer, customers } = totals;
    expect(counted).toEqual({ cancellations, lines_without_customer, customers, readable_customers: 0 });
  }, MINUTE);

  test('lie in bronze as Delta that delta-rs, DuckDB and Spark read with equal counts and sums', async () => {
    const location = await platform.location('commerce_bronze', 'orders');
    const counts = await platform.python<Record<string, Row>>('read_bronze.py', location);
    expect(counts['delta-rs']).toMatchObject({ events: totals.invoices, lines: totals.lines, orders: totals.invoices });
    expect(counts.duckdb).toEqual(counts['delta-rs']);
    expect(counts.spark).toEqual(counts['delta-rs']);
  }, 2 * MINUTE);
});

describe('the same days once more', () => {
  test('change nothing in gold, and are counted as duplicates', async () => {
    const before = await fingerprint();
    const { events } = await sendAndWait(...files);
    expect(events).toEqual({ sent: 2 * totals.invoices, landed: 2 * totals.invoices, quarantined: 0 });
    expect(await fingerprint()).toEqual(before);
    const duplicates = await platform.value('select count(*) - count(distinct _event_id) from commerce_bronze.orders');
    expect(duplicates).toBe(totals.invoices);
  }, 5 * MINUTE);

  test('leave nothing to do: a further run starts no Spark job and ends within two seconds', async () => {
    const jobs = await platform.sparkJobs();
    const run = await platform.json<RunItem>('run', '--wait');
    expect(run.status).toBe('nothing-to-do');
    expect(await platform.sparkJobs()).toBe(jobs);
    console.log(`a run with nothing to do took ${run.durationMs} ms`);
    expect(run.durationMs).toBeLessThanOrEqual(2000);
  }, MINUTE);
});

describe('broken input', () => {
  const found = (id: string): Promise<Row[]> =>
    platform.query(`
      select reasons, gate, contract_version, "table", payload, _shard, length(_sequence) as digits
      from commerce_ops.quarantine where event_id = '${id}' order by reasons::varchar`);

  test('lands in quarantine, and the rest of an order goes on', async () => {
    const { ordered_at: _, ...undated } = order('E2E-UNDATED', [line(1)]);
    const mixed = order('E2E-MIXED', [line(1), line(2, { quantity: 0 }), line(3, { unit_price: '-1.00' }), line(4)]);
    const file = fileOf('broken.jsonl', [
      'this is not JSON',
      event('e2e-unknown', order('E2E-UNKNOWN', [line(1)]), { type: 'commerce.wishes.v1' }),
      event('e2e-undated', undated),
      event('e2e-type', order('E2E-TYPE', [line(1, { quantity: 'many' })])),
      event('e2e-mixed', mixed),
    ]);
    const { events, lastRun } = await sendAndWait(file, '--raw');
    expect(lastRun.status).toBe('succeeded');
    expect(events.quarantined).toBe(4);
    expect(events.landed + events.quarantined).toBe(events.sent);
  }, 5 * MINUTE);

  test('that is no JSON is kept as text, with position and reason', async () => {
    const [row] = await platform.query(`
      select reasons, gate, payload, _shard, length(_sequence) as digits
      from commerce_ops.quarantine where event_id is null`);
    expect(row).toMatchObject({ gate: 'G0', payload: 'this is not JSON', digits: 64, _shard: expect.stringMatching(/^shardId-/) });
    expect(String(row?.reasons)).toMatch(/not JSON/);
  }, MINUTE);

  test.each([
    ['e2e-unknown', /commerce\.wishes\.v1/, null],
    ['e2e-undated', /ordered_at/, '1.0.0'],
    ['e2e-type', /quantity/, '1.0.0'],
  ])('%s is found with its reason, position and contract version', async (id, reason, version) => {
    const rows = await found(id);
    expect(rows.length).toBe(1);
    expect(rows[0]).toMatchObject({ gate: 'G0', contract_version: version, digits: 64, _shard: expect.stringMatching(/^shardId-/) });
    expect(String(rows[0]?.reasons)).toMatch(reason);
    expect(rows[0]?.payload).not.toContain('4711');
  }, MINUTE);

  test('in a line stops that line only', async () => {
    const rows = await found('e2e-mixed');
    expect(rows.map(({ reasons }) => String(reasons))).toEqual([
      expect.stringMatching(/quantity/),
      expect.stringMatching(/unit_price/),
    ]);
    for (const row of rows) {
      expect(row).toMatchObject({ gate: 'G1', table: 'commerce.silver.order_lines', contract_version: '1.0.0', digits: 64 });
    }
    const sold = await platform.query(`
      select line_no, net_amount from commerce_gold.gold_fact_sales where order_id = 'E2E-MIXED' order by line_no`);
    expect(sold).toEqual([
      { line_no: 1, net_amount: '19.9800' },
      { line_no: 4, net_amount: '19.9800' },
    ]);
  }, MINUTE);
});
