import { decideGate } from '../../lib/plan/decide-gate.ts';
import { judgeChecks } from '../../lib/plan/judge-checks.ts';
import type { CheckResult } from '../../lib/plan/plan.ts';
import { newOf, OLD, planOf, resultsOf as resultsOfPlan, seenAfter as seenAfterPlan } from './publish-sales.ts';
import { CHECKS, judged } from './sales.ts';

const plan = planOf(CHECKS);
const NEW = newOf(plan);
const resultsOf = (checks: readonly CheckResult[]) => resultsOfPlan(plan, checks);
const seenAfter = (results: ReturnType<typeof resultsOf>) => seenAfterPlan(plan, results);

test('sound rows pass every rule, and are published', async () => {
  const results = resultsOf(await judged(''));
  expect(decideGate(results, plan)).toEqual({ outcome: 'passed', reasons: [] });
  expect(await seenAfter(results)).toEqual({ outcome: 'passed', ...NEW });
});

const DEFECTS: readonly (readonly [defect: string, damage: string, ...rules: string[]])[] = [
  ['a sale without a key', 'update sales set sale_id = null where sale_id = 3', 'key_present'],
  ['a sale that is there twice', 'update sales set sale_id = 4 where sale_id = 3', 'key_once'],
  ['a negative amount', 'update sales set amount = -1 where sale_id = 6', 'amount_low', 'adds_up'],
  ['an amount in another unit', 'update sales set amount = amount * 100000', 'amount_high', 'adds_up'],
  ['more unknown amounts than allowed', 'update sales set amount = null where sale_id < 6', 'amount_known', 'adds_up'],
  ['a currency that nobody knows', "update sales set currency = 'EURO' where sale_id = 9", 'currency_known'],
  ['a masked column that is not', "update sales set customer = 'ada@example.com' where sale_id = 1", 'customer_masked'],
  ['an orphan', "update sales set product_id = 'P99' where sale_id = 5", 'product_known'],
  ['a reference whose other side is gone', "delete from products where product_id = 'P0'", 'product_known'],
  [
    'a spike',
    'insert into sales by name select sale_id + 1000 as sale_id, * exclude sale_id from sales',
    'as_many_as_usual',
    'adds_up',
  ],
  ['a collapse', 'delete from sales where sale_id >= 50', 'as_many_as_usual', 'adds_up'],
  ['an empty table', 'delete from sales', 'as_many_as_usual', 'adds_up'],
  ['stale data', 'update sales set sold_at = sold_at - interval 2 hours', 'fresh'],
  ['a cent too much', 'update sales set amount = amount + 0.01 where sale_id = 8', 'adds_up'],
  ['a lost sale', 'delete from sales where sale_id = 99', 'adds_up'],
  ['a column of another type', 'alter table sales alter amount type varchar', 'amount_low', 'amount_high', 'adds_up'],
  ['a column that was dropped', 'alter table sales drop currency', 'currency_known'],
  ['a table that cannot be read', 'drop table products', 'product_known'],
];

test.each(DEFECTS)('G2 stops %s, and readers keep what they had', async (_, damage, ...rules) => {
  const results = resultsOf(await judged(damage));
  const blocking = judgeChecks(results, plan).filter(({ outcome }) => outcome === 'blocked');
  expect(blocking.map(({ rule }) => rule)).toEqual(rules);
  expect(blocking.every(({ gate }) => gate === 'G2')).toBe(true);
  expect(await seenAfter(results)).toEqual({ outcome: 'blocked', ...OLD });
});

test.each([
  ['a note that is too long', "update sales set note = repeat('x', 21) where sale_id = 2", 'warned', 'note_short'],
  ['a rule that warns and could not run', 'alter table sales drop note', 'warned', 'note_short'],
  ['a rule that only records', "update sales set note = 'TODO'", 'passed', 'note_clean'],
] as const)('%s is told, and stops nothing', async (_, damage, outcome, rule) => {
  const results = resultsOf(await judged(damage));
  const found = judgeChecks(results, plan).find((verdict) => verdict.rule === rule);
  expect(found?.outcome).toBe(outcome);
  expect((found?.failed ?? 0) > 0 || found?.error !== undefined).toBe(true);
  expect(await seenAfter(results)).toEqual({ outcome, ...NEW });
});

test('a job that left a rule out has not checked it', async () => {
  const results = resultsOf((await judged('')).filter(({ id }) => id !== 'fresh'));
  expect(await seenAfter(results)).toEqual({ outcome: 'blocked', ...OLD });
});

test('columns unlike the contract are stopped, and nobody can let them pass', async () => {
  const columns = {
    id: 'columns',
    name: 'columns_as_in_contract',
    onFailure: 'block',
    blockAbovePercent: null,
  } as const;
  const wrong = { ...columns, evaluated: 7, failed: 1, error: 'columns differ from the contract in note', sample: [] };
  expect(await seenAfter(resultsOf([wrong, ...(await judged(''))]))).toEqual({ outcome: 'blocked', ...OLD });
});
