import { existsSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { type Contract, tableId } from '../../lib/contract/contract.ts';
import type { CheckResult } from '../../lib/plan/plan.ts';
import { quoteName } from '../../lib/quality/duckdb-types.ts';
import { OperationError, UsageError } from '../shared/errors.ts';
import { loadTable } from './load-table.ts';
import { runChecks } from './run-checks.ts';

/**
 * Judge the rows of a file by a contract.
 * @param files rows by the id of their table: the contract's, and those that its checks look into
 * @param now what freshness is measured at
 */
export async function testTable(
  contract: Contract,
  contracts: readonly Contract[],
  files: ReadonlyMap<string, string>,
  now: Date,
): Promise<CheckResult[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    const loaded = new Map<string, CheckResult[]>();
    for (const [id, file] of files) {
      const columns = contracts.find((each) => tableId(each) === id)?.columns ?? [];
      loaded.set(id, await loadFile(() => loadTable(connection, quoteName(id), file, columns), file));
    }
    await nameForSql(connection, contract, loaded);
    // From here on only what has been loaded can be read.
    await connection.run('SET enable_external_access = false');
    await connection.run('SET lock_configuration = true');
    const id = tableId(contract);
    const target = { table: quoteName(id), columns: contract.columns, now: now.toISOString(), nameOf: quoteName };
    return [...(loaded.get(id) ?? []), ...(await runChecks(connection, contract.checks, target))];
  } finally {
    connection.closeSync();
  }
}

/** Rules in SQL call the table by its own name, and its inputs as the contract's checks say. */
async function nameForSql(connection: DuckDBConnection, contract: Contract, loaded: ReadonlyMap<string, unknown>) {
  const inputs = contract.checks.flatMap(({ reads = [] }) => reads);
  for (const { name, table } of [{ name: contract.table, table: tableId(contract) }, ...inputs]) {
    if (loaded.has(table))
      await connection.run(`CREATE OR REPLACE VIEW ${quoteName(name)} AS FROM ${quoteName(table)}`);
  }
}

async function loadFile<T>(load: () => Promise<T>, file: string): Promise<T> {
  if (!existsSync(file)) throw new UsageError(`${file}: there is no such file`);
  try {
    return await load();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new OperationError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
