import { DuckDBInstance } from '@duckdb/node-api';
import { exportSql } from '../../../../lib/contract/export/export-sql.ts';
import { exported, golden, READINGS } from './read-sample.ts';

test.each(['spark', 'duckdb'] as const)('the table of the sample for %s is as it was found good', (dialect) => {
  expect(exported(exportSql(dialect)).text).toBe(golden(`${dialect}.sql`));
});

describe('DuckDB', () => {
  /** What it answers once it has made the table. */
  async function ask(sql: string): Promise<Record<string, unknown>[]> {
    const connection = await (await DuckDBInstance.create()).connect();
    await connection.run(exported(exportSql('duckdb')).text);
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  }

  test('makes the table with its types, nulls, key and comments', async () => {
    const rows = await ask(
      'select column_name, data_type, is_nullable, comment from duckdb_columns() where table_name = $$readings$$',
    );
    const { columns } = READINGS.contract;
    expect(rows.map(({ column_name }) => column_name)).toEqual(columns.map(({ name }) => name));
    expect(rows.map(({ is_nullable }) => is_nullable)).toEqual(columns.map(({ required }) => !required));
    expect(rows.map(({ comment }) => comment)).toEqual(columns.map(({ description = null }) => description));
    expect(rows.map(({ data_type }) => data_type)).toEqual([
      ...['BIGINT', 'VARCHAR', 'VARCHAR', 'VARCHAR', 'INTEGER', 'DOUBLE', 'DECIMAL(9,2)', 'BOOLEAN', 'DATE'],
      ...[
        'TIMESTAMP WITH TIME ZONE',
        'STRUCT("no" INTEGER, amount DECIMAL(18,4))[]',
        'STRUCT(room VARCHAR, shelves VARCHAR[])',
      ],
    ]);
  });

  test('refuses a second row of the same key', async () => {
    const insert =
      "insert into lab_silver.readings by name select 1 reading_id, 'a' serial, 1 attempts, true is_valid, now() taken_at";
    await expect(ask(`${insert}; ${insert}`)).rejects.toThrow(/[Dd]uplicate key/);
  });

  test('has no key on bronze, where an event may come again', () => {
    const checks = READINGS.contract.checks.filter(({ kind }) => kind !== 'unique');
    const { text } = exported(exportSql('duckdb'), { ...READINGS, contract: { ...READINGS.contract, checks } });
    expect(text).not.toContain('primary key');
  });
});

test('what a table has no words for is listed', () => {
  expect(exported(exportSql('duckdb')).losses).toEqual(
    expect.arrayContaining([
      "price: no equal for the check 'price_minimum' (minimum)",
      "serial: no equal for the check 'serial_unique' (unique)",
      "samples: DuckDB has no 'not null' within nested values",
    ]),
  );
  expect(exported(exportSql('spark')).losses).toContain(
    "reading_id: no equal for the check 'primary_key_unique' (unique)",
  );
});
