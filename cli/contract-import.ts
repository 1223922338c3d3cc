import { existsSync, readFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { LAYERS, type Layer } from '../lib/contract/contract.ts';
import type { Draft } from '../lib/contract/draft/draft.ts';
import { snakeCase } from '../lib/contract/draft/snake-case.ts';
import { type Imported, UnreadableImportError } from '../lib/contract/import/import.ts';
import { IMPORTERS, type ImportFormat } from '../lib/contract/import/importers.ts';
import { notAllowed } from '../lib/contract/problem.ts';
import { outOption, printDraft, printLoss } from './contract/print-draft.ts';
import { OperationError, UsageError } from './shared/errors.ts';

interface Options {
  readonly from: ImportFormat;
  readonly domain?: string;
  readonly layer?: Layer;
  readonly table?: string;
  readonly out?: string;
}

async function importContract(file: string, { from, out, ...place }: Options): Promise<void> {
  if (!existsSync(file)) throw new UsageError(`found no file '${file}'`);
  const imported = chosen(await read(file, from), place.table);
  printDraft(placed(imported, place), out);
}

async function read(file: string, from: ImportFormat): Promise<readonly Imported[]> {
  try {
    return await IMPORTERS[from](readFileSync(file, 'utf8'), printLoss);
  } catch (cause) {
    // Of a file that the format's own parser refuses, the parser says why.
    const isFault = cause instanceof UnreadableImportError || cause instanceof SyntaxError || isYamlError(cause);
    if (!isFault) throw cause;
    throw new OperationError(`${file}: no ${from}: ${(cause as Error).message.split('\n')[0]}`, { cause });
  }
}

const isYamlError = (cause: unknown): boolean => cause instanceof Error && cause.name === 'YAMLParseError';

/** Of a file of several tables, the one that is named. */
function chosen(tables: readonly Imported[], name: string | undefined): Imported {
  const [only] = tables;
  if (only && tables.length === 1) return name === undefined ? only : { ...only, table: snakeCase(name) };
  const found = tables.find(({ table }) => table === name);
  if (found) return found;
  throw new UsageError(
    `--table: ${notAllowed(
      name,
      tables.map(({ table }) => table),
    )}; the file has several`,
  );
}

function placed(imported: Imported, { domain, layer }: Pick<Options, 'domain' | 'layer'>): Draft {
  const place = { domain: domain ?? imported.domain, layer: layer ?? imported.layer ?? 'silver' };
  if (place.domain === undefined)
    throw new UsageError('--domain: missing, allowed: a domain; the file does not say it');
  return { ...imported, ...place, domain: snakeCase(place.domain) };
}

export const contractImportCommand = (): Command =>
  new Command('import')
    .description(
      'make a contract of a file of another format; what has no equal is listed and kept, proposals are marked',
    )
    .argument('<file>', 'a file of the format')
    .addOption(
      new Option('--from <format>', 'the format of the file').choices(Object.keys(IMPORTERS)).makeOptionMandatory(),
    )
    .option('--domain <name>', 'the domain of the table, where the file does not say it')
    .addOption(new Option('--layer <name>', 'its layer; silver, where the file does not say it').choices(LAYERS))
    .option('--table <name>', 'which table of several; of one, another name')
    .addOption(outOption())
    .action(importContract);
