import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import type { GeneratedRange } from '../lib/source/generate.ts';
import type { FileRow } from '../lib/source/read-value.ts';
import { findGenerator } from './generate/find-generator.ts';
import { textOf } from './generate/text-of.ts';
import { listFiles, rowsOfCsv } from './send/read-files.ts';
import { UsageError } from './shared/errors.ts';
import { isoDay, wholeNumber } from './shared/options.ts';
import { PROJECT } from './shared/project.ts';

type Options = Omit<GeneratedRange, 'data'> & { readonly data?: readonly string[] };

async function generate(source: string, { data = [], ...range }: Options): Promise<void> {
  const { from, to } = range;
  if (from > to)
    throw new UsageError(`found --from ${from} after --to ${to}; allowed: a first day that is not after the last`);
  const generateLines = await findGenerator(PROJECT, source);
  const lines = generateLines({ ...range, data: await rowsOf(await listFiles(data)) });
  await pipeline(textOf(lines), process.stdout, { end: false });
}

async function rowsOf(files: readonly string[]): Promise<FileRow[]> {
  const rows: FileRow[] = [];
  for (const file of files) for await (const row of rowsOfCsv(file)) rows.push(row);
  return rows;
}

export const generateCommand = (): Command =>
  new Command('generate')
    .description('make up a file of a source, the same for the same seed: what `sluice send` takes')
    .argument('<source>', 'a source with domains/<domain>/generators/<source>.ts')
    .addOption(new Option('--from <day>', 'first day').argParser(isoDay).makeOptionMandatory())
    .addOption(new Option('--to <day>', 'last day').argParser(isoDay).makeOptionMandatory())
    .option('--seed <number>', 'another world', wholeNumber(0), 1)
    .option(
      '--data <files...>',
      'CSV files of the shop, or a folder of them: customers and products are those of its orders',
    )
    .action(generate);
