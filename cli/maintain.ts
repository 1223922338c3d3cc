import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Command } from 'commander';
import * as z from 'zod';
import { tableId } from '../lib/contract/contract.ts';
import { quarantineOf } from './shared/accounts.ts';
import { OperationError } from './shared/errors.ts';
import { bytes, count, seconds, table } from './shared/format.ts';
import { domainsOf, tableNamed } from './shared/named.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress } from './shared/progress.ts';

/** As `maintain-tables` answers: one entry a table, and one a slot of gold. Bytes and seconds. */
const reportSchema = z.object({
  table: z.string(),
  slot: z.string().optional(),
  outcome: z.enum(['done', 'waits', 'failed']),
  reason: z.string().optional(),
  filesBefore: z.number(),
  filesAfter: z.number(),
  bytesBefore: z.number(),
  bytesAfter: z.number(),
  filesDeleted: z.number(),
  version: z.number(),
  seconds: z.number(),
});
export type MaintenanceReport = z.output<typeof reportSchema>;

/** Maintains these tables of a domain now, and waits for it. */
export async function maintainTables(
  platform: Platform,
  domain: string,
  tables: readonly string[],
): Promise<MaintenanceReport[]> {
  const FunctionName = platform.settings.get(`${domain}/maintain-tables-function`);
  const answer = await new LambdaClient({}).send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify({ tables }) }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError) throw new OperationError(`${FunctionName} failed: ${text}`);
  return z.object({ tables: z.array(reportSchema) }).parse(JSON.parse(text)).tables;
}

interface Options extends Target {
  readonly table?: string;
  readonly json?: true;
}

async function maintain({ table: wanted, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const reports: MaintenanceReport[] = [];
  for (const [domain, tables] of tablesByDomain(platform, wanted)) {
    reports.push(...(await new Progress().step(`maintain ${domain}`, () => maintainTables(platform, domain, tables))));
  }
  if (json) printJson(reports);
  else console.log(describe(reports));
  const failed = reports.filter(({ outcome }) => outcome === 'failed').map(nameOf);
  if (failed.length > 0) throw new OperationError(`not maintained: ${failed.join(', ')}`);
}

/** All tables of each domain, or the one that a person named. */
function tablesByDomain({ domains, contracts }: Platform, wanted: string | undefined): [string, string[]][] {
  const all = [...contracts.map(tableId), ...domains.map(quarantineOf)];
  const chosen = wanted === undefined ? all : [tableNamed(wanted, all)];
  return domainsOf(chosen, domains).map((domain) => [domain, chosen.filter((id) => id.startsWith(`${domain}.`))]);
}

const nameOf = ({ table: id, slot }: MaintenanceReport): string => (slot ? `${id} (${slot})` : id);

/** The report as a table for people. */
export function describe(reports: readonly MaintenanceReport[]): string {
  if (reports.length === 0) return 'nothing has been committed yet, so there is nothing to maintain';
  return table(
    reports.map((report) => ({
      table: nameOf(report),
      outcome: report.outcome,
      files: change(report.filesBefore, report.filesAfter, count),
      size: change(report.bytesBefore, report.bytesAfter, bytes),
      deleted: count(report.filesDeleted),
      took: seconds(report.seconds * 1000),
      reason: report.reason ?? '',
    })),
  );
}

const change = (before: number, after: number, text: (value: number) => string): string =>
  before === after ? text(after) : `${text(before)} → ${text(after)}`;

export const maintainCommand = (): Command =>
  new Command('maintain')
    .description('compact, checkpoint and vacuum tables now, as the schedule does; a table that fails ends with 1')
    .option('--table <id>', 'one table, such as commerce.bronze.orders or, where only one has that name, stock_counts')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(maintain);
