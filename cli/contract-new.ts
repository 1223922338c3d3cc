import { existsSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LAYERS, type Layer } from '../lib/contract/contract.ts';
import type { DraftColumn } from '../lib/contract/draft/draft.ts';
import { Sample } from '../lib/contract/draft/infer-columns.ts';
import { nameOf, snakeCase } from '../lib/contract/draft/snake-case.ts';
import { typeFromSql } from '../lib/contract/import/types-from-sql.ts';
import { notAllowed } from '../lib/contract/problem.ts';
import { isObject } from '../lib/landing/shape-row.ts';
import { outOption, printDraft } from './contract/print-draft.ts';
import { readFile } from './pii/read-file.ts';
import { OperationError, UsageError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { wholeNumber } from './shared/options.ts';

interface Options extends Partial<Answers> {
  readonly from?: string;
  readonly rows: number;
  readonly column: readonly DraftColumn[];
  readonly key?: string;
  readonly layer: Layer;
  readonly out?: string;
}

/** What a person knows and no sample does. */
interface Answers {
  readonly domain: string;
  readonly table: string;
  readonly purpose: string;
  readonly granularity: string;
  readonly owner: string;
  readonly support: string;
}

/** In the order in which they are asked. Without an answer, the last four are proposed. */
const QUESTIONS: Readonly<Record<keyof Answers, string>> = {
  domain: 'Which domain is the table of',
  table: 'What is the table called',
  purpose: 'What is it for, in a sentence',
  granularity: 'What is one row, in a sentence',
  owner: 'Who answers for it (a user name)',
  support: 'Where are issues told (a channel)',
};

const DEFAULT_ROWS = 100_000;

async function createContract({ from, rows, column, key, layer, out, ...given }: Options): Promise<void> {
  const sample = from === undefined ? undefined : await read(from, rows);
  const columns = withKey([...(sample?.propose() ?? []), ...column], key);
  if (columns.length === 0)
    throw new UsageError('found no column; allowed: --from a sample, or --column name:type, once or more');
  const { domain, table, ...texts } = await ask(from === undefined ? given : { table: tableOf(from), ...given });
  if (!domain || !table)
    throw new UsageError(`--${domain ? 'table' : 'domain'}: missing, and nobody is there to be asked`);
  const doubt = sample && `types, required and keys are as ${plural(sample.rows, 'row')} had them`;
  printDraft({ domain: snakeCase(domain), layer, table: snakeCase(table), ...texts, columns, doubt }, out);
}

const tableOf = (file: string): string => snakeCase(path.basename(file).split('.')[0] ?? '');

/** Asks for what no flag has said, when a person is there. An empty answer leaves it open. */
async function ask(given: Partial<Answers>): Promise<Partial<Answers>> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return given;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answers: Record<string, string | undefined> = { ...given };
  for (const [name, question] of Object.entries(QUESTIONS)) {
    answers[name] ??= (await terminal.question(`${question}? `)).trim() || undefined;
  }
  terminal.close();
  return answers;
}

async function read(file: string, limit: number): Promise<Sample> {
  if (!existsSync(file)) throw new UsageError(`--from: found no file '${file}'`);
  const sample = new Sample(/\.(csv|tsv)(\.|$)/i.test(file));
  let unreadable = 0;
  for await (const row of readFile(file)) {
    if ('(unreadable)' in row) unreadable++;
    else sample.add(dataOf(row));
    if (sample.rows === limit) break;
  }
  if (unreadable > 0) console.error(`${plural(unreadable, 'row')} of ${file} could not be read`);
  if (sample.rows === 0) throw new OperationError(`${file}: found no rows, which tell nothing`);
  return sample;
}

/** A row, or the data of a CloudEvent. */
const dataOf = (row: Row): Row => (row.specversion !== undefined && isObject(row.data) ? row.data : row);
type Row = Readonly<Record<string, unknown>>;

function withKey(columns: readonly DraftColumn[], key: string | undefined): DraftColumn[] {
  if (key === undefined) return [...columns];
  const names = key.split(',').map(snakeCase);
  for (const name of names) {
    const known = columns.map((column) => column.name);
    if (!known.includes(name)) throw new UsageError(`--key: ${notAllowed(name, known)}`);
  }
  return columns.map(({ keyPosition: _, ...column }) => {
    const position = names.indexOf(column.name);
    return position < 0 ? column : { ...column, keyPosition: position + 1 };
  });
}

/** `total:decimal(18,2)!`, where `!` says that the column is required. */
function readColumn(text: string, columns: readonly DraftColumn[]): DraftColumn[] {
  const [, name = '', type = '', required] = /^([^:]+):([^!]+)(!)?$/.exec(text) ?? [];
  const known = typeFromSql(type);
  if (!known)
    throw new InvalidArgumentError(
      `found '${text}'; allowed is name:type, such as total:decimal(18,2), and ! behind it if required`,
    );
  return [...columns, { ...nameOf(name), type: known, required: required === '!' }];
}

export const contractNewCommand = (): Command =>
  new Command('new')
    .description('write a contract from answers and a sample; asks on a terminal, and marks what it proposes')
    .option('--from <file>', 'a sample: CSV, JSON, JSON lines, Parquet or Avro')
    .option('--rows <count>', 'look at so many rows of the sample', wholeNumber(1), DEFAULT_ROWS)
    .addOption(
      new Option('--column <name:type>', 'a column; may be given again').argParser(readColumn).default([], 'none'),
    )
    .option('--key <columns>', 'what identifies a row, parted by commas')
    .option('--domain <name>', QUESTIONS.domain)
    .addOption(new Option('--layer <name>', 'the layer').choices(LAYERS).default('silver'))
    .option('--table <name>', `${QUESTIONS.table}; the name of the sample when left out`)
    .option('--purpose <text>', QUESTIONS.purpose)
    .option('--granularity <text>', QUESTIONS.granularity)
    .option('--owner <name>', QUESTIONS.owner)
    .option('--support <channel>', QUESTIONS.support)
    .addOption(outOption())
    .action(createContract);
