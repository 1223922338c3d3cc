import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { metricsNamed, splitsNamed } from '../../../cli/metric/named-metrics.ts';
import { PROJECT } from '../../../cli/shared/project.ts';
import { loadContracts } from '../../../lib/contract/load-contracts.ts';
import { loadMetrics, readMetrics } from '../../../lib/metrics/load-metrics.ts';
import type { Metric } from '../../../lib/metrics/metric.ts';
import { metricQuery } from '../../../lib/metrics/metric-query.ts';
import { metricsMarkdown } from '../../../lib/metrics/metrics-markdown.ts';

const contracts = loadContracts(PROJECT);
const root = mkdtempSync(path.join(os.tmpdir(), 'sluice-metrics-'));
afterAll(() => rmSync(root, { recursive: true }));

/** What is wrong with a metric that says this besides what is right. */
function problemsOf(own: Record<string, unknown>): string[] {
  const right = {
    meaning: 'm',
    unit: 'u',
    owner: 'o',
    table: 'gold_fact_sales',
    time: 'order_date',
    formula: 'count(*)',
  };
  mkdirSync(path.join(root, 'domains', 'commerce'), { recursive: true });
  const file = path.join(root, 'domains', 'commerce', 'metrics.yaml');
  writeFileSync(file, JSON.stringify({ metrics: { told: { ...right, ...own } } }));
  return readMetrics(root, contracts).problems.map(({ path: place, text }) => `${place}: ${text}`);
}

const metric = (own: Partial<Metric>): Metric => ({
  ...{ domain: 'shop', name: 'sold', meaning: '', unit: '', owner: '', table: 'sales', time: 'day_of_sale' },
  ...{ formula: 'sum(units)', dimensions: ['country'], caveats: [], ...own },
});

test('the page of metrics is what the definitions say', () => {
  const page = readFileSync(path.join(PROJECT, 'docs/guides/business-metrics.md'), 'utf8');
  expect(page).toBe(metricsMarkdown(loadMetrics(PROJECT, contracts)));
});

describe('a metric is refused', () => {
  test.each<[string, Record<string, unknown>, RegExp]>([
    [
      'of no gold table',
      { table: 'gold_fact_sale' },
      /^metrics\.told\.table: found 'gold_fact_sale', allowed: .*did you mean 'gold_fact_sales'\?/,
    ],
    ['by a time that is none', { time: 'ordered_at' }, /^metrics\.told\.time: found 'ordered_at', allowed: order_date/],
    ['of a column that is none', { formula: 'sum(net)' }, /^metrics\.told\.formula: column: found 'net', allowed: .*/],
    ['without an aggregate', { formula: '1 + 1' }, /formula: found no aggregate/],
    ['of a bare column', { formula: 'sum(quantity) / quantity' }, /formula: found quantity as it is, allowed: within/],
    [
      'that reads what it likes',
      { formula: "count(read_text('/etc/passwd'))" },
      /formula: function: found 'read_text'/,
    ],
    ['of two statements', { formula: '1; DROP TABLE x' }, /formula: /],
    ['that asks another table', { formula: '(SELECT count(*) FROM secrets)' }, /formula: table: found 'secrets'/],
    ['split by who bought', { dimensions: ['customer_id'] }, /dimensions\[0\]: .*customer_id tells people apart/],
    ['split by what all are', { dimensions: ['month'] }, /dimensions\[0\]: found 'month', which every metric/],
    ['with a word that is none', { formulae: 'x' }, /formulae/],
  ])('%s', (_, own, problem) => {
    expect(problemsOf(own)).toEqual([expect.stringMatching(problem)]);
  });

  test('and one that is right is not', () => {
    expect(problemsOf({ formula: 'count(distinct case when is_product then order_id end)' })).toEqual([]);
  });
});

describe('a statement for metrics', () => {
  test('has a column for each split and each metric, within the days', () => {
    const wish = { by: ['month', 'country', 'day'], from: '2026-01-05', to: '2026-02-01' };
    expect(metricQuery([metric({}), metric({ name: 'orders', formula: 'count(*)' })], wish)).toBe(
      [
        "SELECT CAST(date_trunc('month', day_of_sale) AS DATE) AS month, country, day_of_sale AS day, sum(units) AS sold, count(*) AS orders",
        'FROM shop_gold.sales',
        "WHERE day_of_sale >= DATE '2026-01-05' AND day_of_sale <= DATE '2026-02-01'",
        'GROUP BY 1, 2, 3',
        'ORDER BY 1, 2, 3',
      ].join('\n'),
    );
  });

  test('without a split has one row', () => {
    expect(metricQuery([metric({})], { by: [] })).toBe('SELECT sum(units) AS sold\nFROM shop_gold.sales');
  });
});

describe('metrics that are asked for together', () => {
  const known = [metric({}), metric({ name: 'stock', table: 'stock' }), metric({ name: 'orders', dimensions: [] })];

  test('are found by their names', () => {
    expect(metricsNamed(['sold', 'shop/orders'], known).map(({ name }) => name)).toEqual(['sold', 'orders']);
    expect(() => metricsNamed(['solt'], known)).toThrow("metric 'solt' is unknown");
  });

  test('are of one table', () => {
    expect(() => metricsNamed(['sold', 'stock'], known)).toThrow('stock is of shop_gold.stock by day_of_sale, sold is');
  });

  test('are split by what each of them allows', () => {
    const [sold, , orders] = known as [Metric, Metric, Metric];
    expect(splitsNamed(['week', 'country'], [sold])).toEqual(['week', 'country']);
    expect(() => splitsNamed(['country'], [sold, orders])).toThrow("--by: found 'country', allowed: day, week");
  });
});
