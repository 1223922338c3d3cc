import { type Scores, scoreDomain } from '../../../lib/watchdog/score-tables.ts';
import type { WatchedCheck, WatchedRun } from '../../../lib/watchdog/snapshot.ts';
import { ago, CALM, hour, run } from './snapshots.ts';

const check = (outcome: WatchedCheck['outcome'], more: Partial<WatchedCheck> = {}): WatchedCheck => ({
  ...{ table: 'shop.silver.orders', id: 'a', evaluated: 10, failed: 0, outcome, ...more },
});
const judged = (checks: readonly WatchedCheck[], startedAt = ago(0.5)): WatchedRun =>
  run('succeeded', startedAt, { gates: [{ step: 'refine', outcome: 'passed', reasons: [], checks }] });
const silver = ({ tables }: Scores) => tables['shop.silver.orders'];
const REFUSED = { id: 'rows:refused', evaluated: 100, failed: 10 };

test.each<[string, WatchedCheck[], object]>([
  ['all well', [check('passed')], { score: 100, checks: 1, freshness: 1 }],
  ['a warning among four checks', [...Array(3).fill(check('passed')), check('warned')], { checks: 0.875, score: 92 }],
  ['a check that blocks', [check('passed'), check('blocked')], { checks: 0.5, score: 67 }],
  ['a check that could not run', [check('warned', { error: 'no such column' })], { checks: 0, score: 33 }],
  // 50 × 0.5 + 25 × 1 + 25 × 0.9 = 72.5.
  ['a tenth of the rows refused', [check('quarantined', REFUSED)], { checks: 0.5, completeness: 0.9, score: 73 }],
])('%s', (_, checks, expected) => {
  expect(silver(scoreDomain({ ...CALM, runs: [judged(checks)] }))).toMatchObject(expected);
});

test('the newest run that judged the table counts, and a promise that is broken costs a quarter', () => {
  const runs = [run('nothing-to-do', ago(3)), judged([check('passed')], ago(4)), judged([check('blocked')], ago(5))];
  const tables = new Map([['shop.bronze.orders', { committedAt: ago(2) }]]);
  const arrivals = new Map([['shop.bronze.orders', { hours: [hour(2, 1)], firstHour: null }]]);
  // Checks and freshness are known, of which the latter is a third of the weight.
  expect(silver(scoreDomain({ ...CALM, runs, tables, arrivals }))).toEqual({ checks: 1, freshness: 0, score: 67 });
});

test('bronze is as complete as the last day was, and a table of which nothing is known has no score', () => {
  const hours = [hour(30, 0, 99), hour(3, 80, 20), hour(1, 100)];
  const { tables, product, date } = scoreDomain({
    ...CALM,
    ...{ runs: [], tables: new Map(), arrivals: new Map([['shop.bronze.orders', { hours, firstHour: null }]]) },
    contracts: CALM.contracts.filter(({ layer }) => layer === 'bronze'),
  });
  expect([date, product, tables]).toEqual([
    '2026-11-26',
    90,
    { 'shop.bronze.orders': { completeness: 0.9, score: 90 } },
  ]);
});

test('a product is as good as its tables are on the average; of nothing there is no score', () => {
  const { product, tables } = scoreDomain({ ...CALM, runs: [judged([check('blocked')])] });
  const scores = Object.values(tables).map(({ score }) => score);
  expect(scores).toEqual([100, 100, 33, 100]);
  expect(product).toBe(83);
  expect(scoreDomain({ ...CALM, contracts: [] }).product).toBeNull();
});
