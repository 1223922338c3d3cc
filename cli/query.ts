import { AthenaClient } from '@aws-sdk/client-athena';
import { SSMClient } from '@aws-sdk/client-ssm';
import { Command } from 'commander';
import { queryAthena } from './query/athena.ts';
import { queryLocally } from './query/local-engine.ts';
import { workgroupOf } from './query/run-query.ts';
import { enterCloud } from './shared/cloud.ts';
import { plural, type Row, table } from './shared/format.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { Settings } from './shared/settings.ts';

/** More than this nobody reads on a terminal. */
const SHOWN_ROWS = 200;

interface Options extends Target {
  readonly json?: true;
}

async function query(sql: string, { json, ...target }: Options): Promise<void> {
  await enterCloud(target);
  const answer = target.env === 'local' ? await queryLocally(sql) : await inAccount(sql, target.env);
  if (json) process.stdout.write(answer);
  else console.log(describeRows(JSON.parse(answer) as Row[]));
}

async function inAccount(sql: string, env: string): Promise<string> {
  const settings = await Settings.load(new SSMClient({}), env);
  const rows = await queryAthena(new AthenaClient({}), sql, workgroupOf(settings));
  return `${JSON.stringify(rows)}\n`;
}

function describeRows(rows: readonly Row[]): string {
  if (rows.length === 0) return 'no rows';
  const hidden = rows.length - SHOWN_ROWS;
  const note = hidden > 0 ? `${plural(hidden, 'more row')}; --json prints them all` : plural(rows.length, 'row');
  return `${table(rows.slice(0, SHOWN_ROWS))}\n${note}`;
}

export const queryCommand = (): Command =>
  new Command('query')
    .description('answer one SQL statement over the tables, named <database>.<table>')
    .argument('<sql>', 'such as "select * from commerce_gold.gold_fact_sales limit 5"')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(query);
