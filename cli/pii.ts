import { existsSync } from 'node:fs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Command } from 'commander';
import { type Contract, databaseOf, tableId } from '../lib/contract/contract.ts';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { describeScan } from './pii/describe-scan.ts';
import { readFile } from './pii/read-file.ts';
import { type Rows, scanRows } from './pii/scan-rows.ts';
import { queryOf } from './query/run-query.ts';
import { enterCloud } from './shared/cloud.ts';
import { OperationError, UsageError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { envOption, homeOption, jsonOption, type Target, wholeNumber } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { PROJECT } from './shared/project.ts';
import { Settings } from './shared/settings.ts';

interface Options extends Target {
  readonly rows: number;
  readonly table?: string;
  readonly json?: true;
}

const DEFAULT_ROWS = 100_000;

async function scan(source: string, { json, ...options }: Options): Promise<void> {
  const isFile = existsSync(source);
  const contract = isFile ? options.table && contractOf(options.table) : contractOf(source);
  const rows = new FirstRows(isFile ? readFile(source) : rowsOf(contract as Contract, options), options.rows);
  const columns = await scanRows(rows, contract ? contract.columns : []);
  const about = { source, ...(contract && { contract: tableId(contract) }), rows: rows.count };
  if (json) printJson({ ...about, columns });
  else console.log(describeScan(rows.count, columns));
  const suspects = columns.filter(({ isSuspect }) => isSuspect).map(({ column }) => column);
  if (suspects.length > 0)
    throw new OperationError(`${source}: ${plural(suspects.length, 'suspect column')}: ${suspects.join(', ')}`);
}

/** A table by its name in the project, or as in SQL. */
function contractOf(name: string): Contract {
  const contracts = loadContracts(PROJECT);
  const found = contracts.find((each) => name === tableId(each) || name === `${databaseOf(each)}.${each.table}`);
  if (found) return found;
  throw new UsageError(`found '${name}'; allowed are a file, or a table: ${contracts.map(tableId).join(', ')}`);
}

async function* rowsOf(contract: Contract, { env, rows, ...target }: Options): AsyncGenerator<Record<string, unknown>> {
  await enterCloud({ env, ...target });
  const settings = await Settings.load(new SSMClient({}), env);
  const names = contract.columns.map(({ name }) => `"${name}"`).join(', ');
  const sql = `select ${names} from ${databaseOf(contract)}.${contract.table} limit ${rows}`;
  for (const row of await queryOf(env, settings)(sql)) yield row;
}

/** So many rows, counted. */
class FirstRows {
  count = 0;
  private readonly rows: Rows;
  private readonly limit: number;

  constructor(rows: Rows, limit: number) {
    this.rows = rows;
    this.limit = limit;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Readonly<Record<string, unknown>>> {
    for await (const row of this.rows) {
      yield row;
      this.count++;
      if (this.count === this.limit) return;
    }
  }
}

const scanCommand = (): Command =>
  new Command('scan')
    .description('tell by column what a file or a table holds of personal data; shows no value, fails on suspects')
    .argument('<file|table>', 'CSV, JSON, JSON lines, Parquet, Avro or text; or a table such as commerce.silver.orders')
    .option('--table <table>', 'the contract that says what the columns of a file are')
    .option('--rows <count>', 'look at so many rows', wholeNumber(1), DEFAULT_ROWS)
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(scan);

export const piiCommand = (): Command =>
  new Command('pii').description('personal data: find it where nobody declared it').addCommand(scanCommand());
