import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { runChecks } from '../../cli/test/run-checks.ts';
import type { Column } from '../../lib/contract/contract.ts';
import { duckdbType, quoteName, quoteText } from '../../lib/quality/duckdb-types.ts';
import { CASES, type Case, columnsOf, NOW } from '../lib/quality/cases.ts';

let connection: DuckDBConnection;
beforeAll(async () => {
  connection = await (await DuckDBInstance.create()).connect();
  await connection.run("SET TimeZone = 'UTC'");
});
afterAll(() => connection.closeSync());

/** Values as SQL, by their texts: nothing of what is tried has a hand in them. */
function sqlOf(value: unknown, column: Column): string {
  if (value === null) return 'NULL';
  const text = quoteText(typeof value === 'object' ? JSON.stringify(value) : String(value));
  return `CAST(${typeof value === 'object' ? `${text}::JSON` : text} AS ${duckdbType(column)})`;
}

async function makeTable(name: string, { columns: types, rows }: Pick<Case, 'columns' | 'rows'>): Promise<void> {
  const columns = columnsOf(types);
  const fields = columns.map((column) => `${quoteName(column.name)} ${duckdbType(column)}`);
  await connection.run(`CREATE OR REPLACE TABLE ${name} (${fields.join(', ')})`);
  for (const row of rows) {
    const values = columns.map((column, index) => sqlOf(row[index], column));
    await connection.run(`INSERT INTO ${name} VALUES (${values.join(', ')})`);
  }
}

test.each(CASES)('in DuckDB: $case', async ({ checks, tables = {}, ...table }) => {
  await makeTable('judged', table);
  for (const [id, other] of Object.entries(tables)) await makeTable(quoteName(id), other);
  for (const { name, table: id } of checks.flatMap(({ reads = [] }) => reads))
    await connection.run(`CREATE OR REPLACE VIEW ${name} AS FROM ${quoteName(id)}`);
  const target = { table: 'judged', columns: columnsOf(table.columns), now: NOW, nameOf: quoteName };
  const results = await runChecks(connection, checks, target);
  expect(results.map(({ id, failed, error }) => ({ id, failed, error: error !== null }))).toEqual(
    checks.map(({ id, failed, error = false }) => ({ id, failed, error })),
  );
  const told = checks.filter(({ actual }) => actual !== undefined);
  expect(told.map(({ id }) => [id, results.find((result) => result.id === id)?.actual])).toEqual(
    told.map(({ id, actual }) => [id, actual]),
  );
  expect(results.map(({ sketch }) => sketch)).toEqual(checks.map(({ sketch }) => sketch));
  const evaluated = checks.map(({ error }) => (error ? 0 : table.rows.length));
  expect(results.map((result) => result.evaluated)).toEqual(evaluated);
});

test('a statement that never ends is interrupted, and stops no other', async () => {
  const query = 'SELECT count(*) FROM many AS a, many AS b, many AS c, many AS d WHERE a.n + b.n + c.n + d.n = -1';
  await connection.run('CREATE OR REPLACE TABLE many AS SELECT range AS n FROM range(100000)');
  const expect0 = { operator: 'mustBe', bounds: [0], unit: 'number' } as const;
  const rule = { name: 'r', kind: 'sql', columns: [], onFailure: 'block', expect: expect0 } as const;
  const checks = [
    { ...rule, id: 'endless', query },
    { ...rule, id: 'quick', query: 'SELECT count(*) - 100000 FROM many' },
  ];
  const target = { table: 'many', columns: [], now: NOW, nameOf: quoteName };
  const results = await runChecks(connection, checks, target, 0.2);
  expect(results.map(({ id, failed, error }) => [id, failed, error])).toEqual([
    ['endless', 0, 'took longer than 0.2 s, which is the limit of a rule'],
    ['quick', 0, null],
  ]);
});
