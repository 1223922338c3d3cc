import { DuckDBInstance } from '@duckdb/node-api';
import { runChecks } from '../../cli/test/run-checks.ts';
import type { Check, Column, Expectation } from '../../lib/contract/contract.ts';
import type { CheckResult } from '../../lib/plan/plan.ts';

const column = (name: string, type: Column['type']): Column => ({
  ...{ name, type, required: false, classification: 'internal', pii: 'none', standardise: [] },
});

export const COLUMNS: readonly Column[] = [
  column('sale_id', 'long'),
  column('product_id', 'string'),
  column('customer', 'string'),
  column('currency', 'string'),
  column('amount', 'decimal(18,2)'),
  column('note', 'string'),
  column('sold_at', 'timestamp'),
];

const check = (id: string, of: string, more: Partial<Check> & Pick<Check, 'kind'>): Check => ({
  ...{ id, name: id, columns: of === '' ? [] : [of], onFailure: 'block' },
  ...more,
});
const between = (low: number, high: number, unit: Expectation['unit']): Expectation => ({
  ...{ operator: 'mustBeBetween', bounds: [low, high], unit },
});
const most = (bound: number, unit: Expectation['unit']): Expectation => ({
  ...{ operator: 'mustBeLessOrEqualTo', bounds: [bound], unit },
});

/** What a gold contract may ask of a table: rows, keys, references, volume, age, and sums. */
export const CHECKS: readonly Check[] = [
  check('key_present', 'sale_id', { kind: 'required' }),
  check('key_once', 'sale_id', { kind: 'unique' }),
  check('amount_low', 'amount', { kind: 'minimum', value: '0' }),
  check('amount_high', 'amount', { kind: 'maximum', value: '10000' }),
  check('amount_known', 'amount', { kind: 'required', expect: most(5, 'percent') }),
  check('currency_known', 'currency', { kind: 'enum', values: ['EUR', 'GBP'] }),
  check('customer_masked', 'customer', { kind: 'pattern', value: '^tok_[0-9a-f]+$' }),
  check('product_known', 'product_id', {
    kind: 'foreignKey',
    references: { table: 'shop.gold.products', columns: ['product_id'] },
  }),
  check('as_many_as_usual', '', { kind: 'rowCount', expect: between(90, 110, 'rows') }),
  check('fresh', 'sold_at', { kind: 'freshness', expect: most(60, 'minutes') }),
  check('adds_up', 'amount', {
    ...{ kind: 'reconcile', measure: 'sum', expect: most(0, 'number') },
    references: { table: 'shop.silver.orders', columns: ['amount'] },
  }),
  check('note_short', 'note', { kind: 'maxLength', value: '20', onFailure: 'warn' }),
  check('note_clean', 'note', { kind: 'notIn', values: ['TODO'], onFailure: 'record' }),
];

export const NOW = '2026-01-01T12:00:00Z';

const SOUND = `
  create table products as select 'P' || n as product_id from range(10) t(n);
  create table sales as select n::bigint as sale_id, 'P' || n % 10 as product_id, 'tok_' || md5(n::varchar) as customer,
    'EUR' as currency, (n % 7 + 1)::decimal(18,2) as amount, 'a note' as note,
    timestamptz '2026-01-01 11:30:00+00' - to_minutes(n) as sold_at from range(100) t(n);
  create table orders as select amount from sales;`;

/** What the checks say of sound rows to which something was done. */
export async function judged(damage: string, checks = CHECKS): Promise<CheckResult[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(`${SOUND}; ${damage}`);
    const nameOf = (table: string): string => table.split('.')[2] ?? '';
    return await runChecks(connection, checks, { table: 'sales', columns: COLUMNS, now: NOW, nameOf });
  } finally {
    connection.closeSync();
  }
}
