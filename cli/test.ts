import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command, Option } from 'commander';
import { type Contract, databaseOf, tableId } from '../lib/contract/contract.ts';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { notAllowed } from '../lib/contract/problem.ts';
import { exportLocally } from './query/local-engine.ts';
import { enterCloud } from './shared/cloud.ts';
import { OperationError, UsageError } from './shared/errors.ts';
import { homeOption, jsonOption, moment } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { PROJECT } from './shared/project.ts';
import { describeTest, worstOf } from './test/describe-test.ts';
import { testTable } from './test/test-table.ts';

interface Options {
  readonly home: string;
  readonly data?: string;
  readonly also: Files;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly json?: true;
}

/** Files of rows by the id of their table. */
type Files = ReadonlyMap<string, string>;

async function test(name: string, { data, also, at, home, json }: Options): Promise<void> {
  const contracts = loadContracts(PROJECT);
  const contract = contractOf(name, contracts);
  const named = [...also].map(([table, file]): [string, string] => [tableId(contractOf(table, contracts)), file]);
  const files = new Map([...named, ...(data === undefined ? [] : [[tableId(contract), data] as const])]);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sluice-test-'));
  try {
    const lake =
      data === undefined ? await exportTables([contract, ...referredBy(contract, contracts)], home, folder) : [];
    const results = await testTable(contract, contracts, new Map([...lake, ...files]), new Date(at));
    if (json) printJson({ table: tableId(contract), outcome: worstOf(results), checks: results });
    else console.log(describeTest(contract, results));
    if (worstOf(results) === 'blocked') throw new OperationError(`${tableId(contract)}: the rows would be blocked`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** By its id, its name in SQL, or its own name where only one table has it. */
function contractOf(name: string, contracts: readonly Contract[]): Contract {
  const names = (contract: Contract) => [
    tableId(contract),
    `${databaseOf(contract)}.${contract.table}`,
    contract.table,
  ];
  const [found, ...others] = contracts.filter((contract) => names(contract).includes(name));
  if (found && others.length === 0) return found;
  const candidates = (found ? [found, ...others] : contracts).map(tableId);
  throw new UsageError(`table: ${notAllowed(name, candidates)}`);
}

const referredBy = ({ checks }: Contract, contracts: readonly Contract[]): Contract[] => {
  const ids = checks.flatMap(({ references, reads = [] }) => [references?.table, ...reads.map(({ table }) => table)]);
  return contracts.filter((contract) => ids.includes(tableId(contract)));
};

/** Tables of the local lake, as files. */
async function exportTables(tables: readonly Contract[], home: string, folder: string): Promise<[string, string][]> {
  await enterCloud({ env: 'local', home });
  const files: [string, string][] = [];
  for (const contract of tables) {
    const file = path.join(folder, `${files.length}.parquet`);
    await exportLocally(`SELECT * FROM "${databaseOf(contract)}"."${contract.table}"`, file);
    files.push([tableId(contract), file]);
  }
  return files;
}

function collectFile(text: string, files: Files): Files {
  const [table = '', file] = text.split(/=(.*)/s);
  if (!file) throw new UsageError(`--also: found '${text}', allowed: <table>=<file>`);
  return new Map([...files, [table, file]]);
}

export const testCommand = (): Command =>
  new Command('test')
    .description('judge rows by a contract: every rule with what was expected and found')
    .argument('<table>', 'such as commerce.silver.order_lines')
    .option('--data <file>', 'rows as CSV, JSON or Parquet (default: the table of the local lake)')
    .option('--also <table=file>', 'rows of a table that rules refer to; may come again', collectFile, new Map())
    .addOption(new Option('--at <time>', 'what freshness is measured at').argParser(moment).default(Date.now(), 'now'))
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(test);
