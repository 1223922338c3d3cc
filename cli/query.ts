import { Command } from 'commander';
import { answer } from './query/answer.ts';
import { plural, type Row, table } from './shared/format.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';

/** More than this nobody reads on a terminal. */
const SHOWN_ROWS = 200;

interface Options extends Target {
  readonly json?: true;
}

async function query(sql: string, { json, ...target }: Options): Promise<void> {
  const rows = await answer(sql, target);
  if (json) process.stdout.write(rows);
  else console.log(describeRows(JSON.parse(rows) as Row[]));
}

export function describeRows(rows: readonly Row[]): string {
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
