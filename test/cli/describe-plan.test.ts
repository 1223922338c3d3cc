import { describePlan } from '../../cli/plan/describe-plan.ts';

const unknown = { minutes: null, cost: null };

test('a plan is one line for each table, with what it takes, and a total', () => {
  const lines = describePlan({
    domain: 'shop',
    activeRun: 'shop-1',
    tables: [
      {
        ...{
          table: 'shop.silver.orders',
          source: 'shop.bronze.orders',
          action: 'refine',
          scope: 'shop.bronze.orders 4-5',
        },
        ...{
          why: 'it is read up to version 3',
          estimate: { rows: 12_000, files: 2, bytes: 3_000_000, minutes: 1.26, cost: 0.01234 },
        },
      },
      {
        ...{ table: 'shop.gold.sales', action: 'build', scope: 'slot blue', why: 'consumers do not see it yet' },
        estimate: { rows: 10, files: null, bytes: null, ...unknown },
      },
      {
        table: 'shop.silver.visits',
        source: 'shop.bronze.visits',
        action: 'skip',
        scope: '',
        why: 'nothing has landed',
      },
    ],
    total: { rows: 12_010, files: null, bytes: null, ...unknown },
  }).split('\n');
  expect(lines[0]).toBe('shop: the next run takes 2 of 3 tables; shop-1 is active and may do some of it');
  expect(lines[1]?.split(/ {2,}/)).toEqual([
    'table',
    'action',
    'versions',
    'rows',
    'files',
    'size',
    'minutes',
    'cost',
    'why',
  ]);
  expect(lines.slice(3).map((line) => line.split(/ {2,}/))).toEqual([
    [
      'shop.silver.orders',
      'refine',
      'shop.bronze.orders 4-5',
      '12,000',
      '2',
      '2.9 MiB',
      '1.3',
      '$0.0123',
      'it is read up to version 3',
    ],
    [
      'shop.gold.sales',
      'build',
      'slot blue',
      '10',
      'unknown',
      'unknown',
      'unknown',
      'unknown',
      'consumers do not see it yet',
    ],
    ['shop.silver.visits', 'skip', 'nothing has landed'],
    ['total', '12,010', 'unknown', 'unknown', 'unknown', 'unknown'],
  ]);
});

test('a plan that reads again says since when, and one without work that there is none', () => {
  const [head] = describePlan({ domain: 'shop', since: '2011-01-04T00:00:00.000Z', tables: [] }).split('\n');
  expect(head).toBe('shop: a run that reads again what came since 2011-01-04T00:00:00.000Z has nothing to do');
});
