import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { Command, Option } from 'commander';
import * as z from 'zod';
import { type Account, AccountItems, type Check } from '../lambdas/shared/account-items.ts';
import { tableId } from '../lib/contract/contract.ts';
import { judge, sheetOf, type Verdict } from './account/balance-sheet.ts';
import { readSince } from './account/read-since.ts';
import { OperationError } from './shared/errors.ts';
import { table } from './shared/format.ts';
import { domainsOf, tablesNamed } from './shared/named.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress } from './shared/progress.ts';

/** As `sluice account --json` prints it. */
export interface Statement {
  readonly verdict: Verdict;
  readonly checks: readonly Check[];
  readonly rows: readonly Account[];
}

interface Options extends Target {
  readonly table?: string;
  readonly since: Date;
  readonly cached?: true;
  readonly json?: true;
}

const answerSchema = z.object({ isCaughtUp: z.boolean() });

/** Lets the function look afresh, until the stream is counted to its end: a run reads only so much. */
async function countAfresh(platform: Platform, domain: string, since: Date): Promise<void> {
  const FunctionName = platform.settings.get(`${domain}/balance-accounts-function`);
  const Payload = JSON.stringify({ since: since.toISOString() });
  for (let isCaughtUp = false; !isCaughtUp; ) {
    const answer = await new LambdaClient({}).send(new InvokeCommand({ FunctionName, Payload }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError) throw new OperationError(`${FunctionName} failed: ${text}`);
    ({ isCaughtUp } = answerSchema.parse(JSON.parse(text)));
  }
}

/** The tables of a domain that have accounts; what names no table has one of its own. */
const accountTables = ({ contracts, domains }: Platform): string[] => [
  ...contracts.filter(({ layer, ingest }) => layer === 'bronze' && ingest).map(tableId),
  ...domains.map((domain) => `${domain}.unknown`),
];

async function readStatement(platform: Platform, tables: readonly string[], since: Date): Promise<Statement> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const items = new AccountItems(client, platform.settings.get('ledger/table'));
  const sinceHour = since.toISOString().slice(0, 13);
  const rows = (await Promise.all(tables.map((id) => items.accounts(id, sinceHour)))).flat();
  const found = await Promise.all(domainsOf(tables, platform.domains).map((domain) => items.check(domain)));
  const checks = found.filter((check) => check !== undefined);
  return { verdict: judge(rows, checks), checks, rows };
}

async function account({ table: name, since, cached, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const tables = tablesNamed(name, accountTables(platform));
  if (!cached) {
    const count = (domain: string) => countAfresh(platform, domain, since);
    await new Progress().step('count what was produced and what came of it', async () => {
      await Promise.all(domainsOf(tables, platform.domains).map(count));
    });
  }
  const statement = await readStatement(platform, tables, since);
  if (json) printJson(statement);
  else console.log(describe(statement));
  if (statement.verdict.law === 'broken') throw new OperationError('the accounts do not balance; see docs/runbook.md');
}

const describe = ({ rows, verdict }: Statement): string =>
  [...(rows.length > 0 ? [table(sheetOf(rows)), ''] : ['nothing was produced']), ...verdict.sentences].join('\n');

export const accountCommand = (): Command =>
  new Command('account')
    .description('account for every event: produced = landed + quarantined + on failure + in flight')
    .option('--table <name>', 'one table only; `unknown` is what named none')
    .addOption(
      new Option('--since <time>', 'from then on, as 2026-03-01T10:00:00Z or 90m, 24h, 7d')
        .argParser((text) => readSince(text))
        .default(readSince('24h'), '24h'),
    )
    .option('--cached', 'print what is known, and count nothing')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(account);
