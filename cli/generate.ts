import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import type { GeneratedRange } from '../lib/source/generate.ts';
import { findGenerator } from './generate/find-generator.ts';
import { textOf } from './generate/text-of.ts';
import { UsageError } from './shared/errors.ts';
import { isoDay, wholeNumber } from './shared/options.ts';
import { PROJECT } from './shared/project.ts';

async function generate(source: string, range: GeneratedRange): Promise<void> {
  const { from, to } = range;
  if (from > to)
    throw new UsageError(`found --from ${from} after --to ${to}; allowed: a first day that is not after the last`);
  const lines = (await findGenerator(PROJECT, source))(range);
  await pipeline(textOf(lines), process.stdout, { end: false });
}

export const generateCommand = (): Command =>
  new Command('generate')
    .description('make up a file of a source, the same for the same seed: what `sluice send` takes')
    .argument('<source>', 'a source with domains/<domain>/generators/<source>.ts')
    .addOption(new Option('--from <day>', 'first day').argParser(isoDay).makeOptionMandatory())
    .addOption(new Option('--to <day>', 'last day').argParser(isoDay).makeOptionMandatory())
    .option('--seed <number>', 'another world', wholeNumber(0), 1)
    .action(generate);
