import { writeFileSync } from 'node:fs';
import { Command, Option } from 'commander';
import { EXPORTERS, type ExportFormat } from '../lib/contract/export/exporters.ts';
import { SQL_DIALECTS, type SqlDialect } from '../lib/contract/export/types-in-sql.ts';
import { formatPath, type Report } from '../lib/contract/problem.ts';
import type { EnvironmentName } from '../lib/environment-names.ts';
import { openContract } from './contract/open-contract.ts';
import { UsageError } from './shared/errors.ts';
import { variablesOption } from './shared/options.ts';

interface Options {
  readonly to: ExportFormat;
  readonly dialect?: SqlDialect;
  readonly env?: EnvironmentName;
  readonly out?: string;
}

/** The file alone goes to standard output; what has no equal in the format goes to standard error. */
function exportContract(name: string, { to, dialect, env, out }: Options): void {
  if (dialect && to !== 'sql') throw new UsageError(`found --dialect with --to ${to}; allowed is --to sql`);
  const text = EXPORTERS[to](dialect ?? 'spark')(openContract(name, env), printLoss);
  if (out === undefined) process.stdout.write(text);
  else writeFileSync(out, text);
}

const printLoss: Report = (path, text) => {
  console.error([formatPath(path), text].filter(Boolean).join(': '));
};

export const contractExportCommand = (): Command =>
  new Command('export')
    .description('write a contract in another format; what has no equal there is listed on standard error')
    .argument('<contract>', 'a table, such as commerce.silver.orders, or the file of a contract')
    .addOption(new Option('--to <format>', 'the format').choices(Object.keys(EXPORTERS)).makeOptionMandatory())
    .addOption(new Option('--dialect <name>', 'of --to sql; spark when left out').choices(SQL_DIALECTS))
    .addOption(variablesOption())
    .option('--out <file>', 'the file to write, instead of standard output')
    .action(exportContract);
