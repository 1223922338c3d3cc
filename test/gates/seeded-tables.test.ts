import { evaluateGate } from '../../lambdas/evaluate-gate/evaluate-gate.ts';
import { publishTables } from '../../lambdas/publish-tables/publish-tables.ts';
import type { Published } from '../../lambdas/shared/ledger.ts';
import { decideGate } from '../../lib/plan/decide-gate.ts';
import { judgeChecks } from '../../lib/plan/judge-checks.ts';
import type { CheckResult, Plan, StepResults } from '../../lib/plan/plan.ts';
import { MemoryLedger } from '../lambdas/fakes/memory-ledger.ts';
import { MemoryDocuments, MemoryQueue } from '../lambdas/fakes/memory-stores.ts';
import { CHECKS, COLUMNS, judged } from './sales.ts';

const SALES = 'shop.gold.sales';
const target = { id: SALES, database: 'shop_gold_green', table: 'sales', uri: 's3://g/shop/green/sales' };
const plan: Plan = {
  ...{ version: 1, runId: 'shop-2', domain: 'shop', createdAt: '2026-01-01T12:00:00Z', refine: [] },
  model: {
    ...{ slot: 'green', database: 'shop_gold_green', locationRoot: 's3://g/shop/green', inputs: [] },
    tables: [{ ...target, contractVersion: '1.0.0', columns: COLUMNS, checks: CHECKS, reads: [] }],
  },
  results: { refine: 's3://o/refine.json', model: 's3://o/model.json' },
};

const resultsOf = (checks: readonly CheckResult[]): StepResults => ({
  ...{ version: 1, runId: plan.runId, step: 'model', startedAt: plan.createdAt, endedAt: plan.createdAt },
  tables: [
    {
      ...{ table: SALES, uri: target.uri, contractVersion: '1.0.0', inputs: [], rowsIn: 1, rowsOut: 1, duplicates: 0 },
      ...{ quarantined: 0, quarantineUri: null, entries: 0, judgedAgain: 0, replayed: 0, deltaVersion: 1, rowCount: 1 },
      checks,
    },
  ],
});

const PUBLISHED: Published = {
  ...{ slot: 'blue', runId: 'shop-1', publishedAt: '2026-01-01T11:00:00Z' },
  tables: { [SALES]: { version: 7, rows: 100 } },
};

/** Takes results through the gate and, as the machine does, publishes unless it blocked: what readers see then. */
async function seenAfter(results: StepResults) {
  const [ledger, documents] = [new MemoryLedger(), new MemoryDocuments()];
  const lease = { domain: 'shop', runId: plan.runId };
  await ledger.claim({ ...lease, trigger: 'a test', at: plan.createdAt });
  await ledger.recordPublished(lease, PUBLISHED);
  await documents.write('s3://o/plan.json', plan);
  await documents.write(plan.results.model, results);
  const locations = ['s3://g/shop/blue/sales'];
  const catalogue = { locate: async (_: unknown, uri: string) => void locations.push(uri) };
  const { outcome } = await evaluateGate({ ledger, documents, queue: new MemoryQueue() }, 'model', 's3://o/plan.json');
  const publisher = { ledger, documents, catalogue, pointer: { set: async () => undefined }, goldBucket: 'g' };
  if (outcome !== 'blocked') await publishTables(publisher, 's3://o/plan.json', plan.createdAt);
  return { outcome, location: locations.at(-1), runId: (await ledger.published('shop'))?.runId };
}

const OLD = { location: 's3://g/shop/blue/sales', runId: 'shop-1' };
const NEW = { location: target.uri, runId: plan.runId };

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
