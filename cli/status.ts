import { CloudFormationClient, paginateDescribeStacks } from '@aws-sdk/client-cloudformation';
import { S3Client } from '@aws-sdk/client-s3';
import { Command } from 'commander';
import { uriOf } from '../lambdas/shared/file-shard.ts';
import type { Published, RunItem } from '../lambdas/shared/ledger.ts';
import { S3LandedFiles } from '../lambdas/shared/s3-landed-files.ts';
import { tableId } from '../lib/contract/contract.ts';
import { byTheClock } from '../lib/plan/by-the-clock.ts';
import { describeHold } from '../lib/publish/describe-hold.ts';
import type { Watch } from '../lib/watchdog/watch.ts';
import { countEvents, quarantineOf, whatIsMissing } from './shared/accounts.ts';
import { count, indent, plural, table } from './shared/format.ts';
import { listHeld } from './shared/held-files.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { describeClock } from './status/by-the-clock.ts';
import { describeFinding, type Watched } from './watch/describe-watch.ts';
import { readWatched } from './watch/read-watched.ts';

/** A table as consumers see it. */
export type TableLine = {
  readonly table: string;
  readonly version: number | null;
  readonly rows: number | null;
};

/** A table with its score, from 0 to 100, as the watchdog saw it last; null where it has none. */
type ScoredLine = TableLine & { readonly quality: number | null };

const scored = (lines: readonly TableLine[], [today]: Watched['scores']): ScoredLine[] => {
  const scores = new Map(Object.entries(today?.tables ?? {}).map(([id, { score }]) => [sqlName(id), score]));
  return lines.map((line) => ({ ...line, quality: scores.get(line.table) ?? null }));
};

/** Every table of a domain with version and rows: gold as it is published, the others as they stand. */
export async function listTables(platform: Platform, domain: string): Promise<TableLine[]> {
  const ids = platform.contracts.filter((contract) => contract.domain === domain).map(tableId);
  const names = [...ids, quarantineOf(domain)];
  const [states, published] = await Promise.all([platform.ledger.tables(names), platform.ledger.published(domain)]);
  return names.map((id) => {
    const state = published?.tables[id] ?? states.get(id);
    return { table: sqlName(id), version: state?.version ?? null, rows: state?.rows ?? null };
  });
}

/** `commerce.gold.gold_fact_sales` as it is called in SQL. */
const sqlName = (id: string): string => id.replace('.', '_');

async function listStacks(env: string) {
  const stacks: { stack: string; status: string }[] = [];
  for await (const { Stacks = [] } of paginateDescribeStacks({ client: new CloudFormationClient({}) }, {})) {
    stacks.push(...Stacks.map(({ StackName = '', StackStatus = '' }) => ({ stack: StackName, status: StackStatus })));
  }
  return stacks.filter(({ stack }) => stack.startsWith(`sluice-${env}-`));
}

/** The run that readers wait for: the newest that judged anything was stopped by a gate. */
export interface Stopped {
  readonly runId: string;
  readonly reasons: readonly string[];
  /** What readers see meanwhile. */
  readonly published: Pick<Published, 'runId' | 'publishedAt'> | null;
}

/** Newest first; after a blocked run the next ones have work, so it is never far behind. */
export function stoppedRun(runs: readonly RunItem[], published: Published | null): Stopped | null {
  const judged = runs.find(({ status }) => status !== 'running' && status !== 'nothing-to-do');
  if (judged?.status !== 'blocked') return null;
  const reasons = judged.gates.filter(({ outcome }) => outcome === 'blocked').flatMap((gate) => gate.reasons);
  return { runId: judged.runId, reasons, published };
}

/** Some hours of runs that all fail. */
const RECENT = 100;

async function readDomain(platform: Platform, domain: string) {
  const files = new S3LandedFiles(new S3Client({ forcePathStyle: true }));
  const [accounts, tables, parked, failed, runs, published, hold, watched] = await Promise.all([
    platform.accounts(domain),
    listTables(platform, domain),
    listHeld(platform.files(domain), 'parked', files),
    listHeld(platform.files(domain), 'failed', files),
    platform.ledger.runs(domain, RECENT),
    platform.ledger.published(domain),
    platform.ledger.goldHold(domain),
    readWatched(platform.watches(domain), domain),
  ]);
  const { activeRun } = accounts.state;
  return {
    domain,
    events: countEvents(accounts),
    activeRun,
    stopped: stoppedRun(runs, published),
    clock: byTheClock(
      platform.contracts.filter((contract) => contract.domain === domain),
      runs,
      published,
      new Date(),
    ),
    hold,
    missing: whatIsMissing(accounts, platform.contracts),
    parked: parked.map(uriOf),
    failedLoads: failed.map(uriOf),
    watch: watched.watch,
    tables: scored(tables, watched.scores),
  };
}

type DomainStatus = Awaited<ReturnType<typeof readDomain>>;

interface Options extends Target {
  readonly json?: true;
}

async function status({ json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const [stacks, ...domains] = await Promise.all([
    listStacks(target.env),
    ...platform.domains.map((domain) => readDomain(platform, domain)),
  ]);
  const endpoint = process.env.AWS_ENDPOINT_URL ?? 'AWS';
  if (json) printJson({ env: target.env, endpoint, stacks, domains });
  else console.log([`${target.env} at ${endpoint}`, table(stacks), ...domains.map(describeDomain)].join('\n\n'));
}

function describeDomain({
  domain,
  events: { sent, landed, quarantined },
  activeRun,
  stopped,
  clock,
  hold,
  missing,
  parked,
  failedLoads,
  watch,
  tables,
}: DomainStatus): string {
  return [
    `${domain}: ${count(sent)} events sent, ${count(landed)} landed, ${count(quarantined)} quarantined; ${activeRun ? `run ${activeRun} is active` : 'no run is active'}`,
    ...(stopped ? [indent(describeStopped(stopped))] : []),
    ...describeClock(clock).map((line) => `  ${line}`),
    ...(hold ? [indent(describeHold(hold))] : []),
    ...missing.map((line) => `  ${line}`),
    ...parked.map((uri) => `  ${uri} is parked: too large to be landed or loaded; see docs/runbook.md#parked-files`),
    ...failedLoads.map((uri) => `  ${uri} could not be loaded by Spark; see docs/runbook.md#failed-loads`),
    ...describeFindings(domain, watch, new Date()).map((line) => `  ${line}`),
    indent(table(tables)),
  ].join('\n');
}

/** It looks every hour; a look may be missed. */
const LOOK_AGE_MS = 3 * 3_600_000;

/** What is not told above already, and whether anybody looks. */
export function describeFindings(domain: string, watch: Watch | null, now: Date): string[] {
  if (!watch) return ['the watchdog has not looked yet'];
  if (now.getTime() - Date.parse(watch.at) > LOOK_AGE_MS)
    return [`the watchdog has not looked since ${watch.at}; see docs/runbook.md#the-watchdog`];
  const others = watch.findings.filter(({ kind }) => kind !== 'overdue-table' && kind !== 'blocked-run');
  const head = `watchdog at ${watch.at}: ${plural(watch.findings.length, 'finding')}; see \`sluice watch ${domain}\``;
  return [head, ...others.map(describeFinding)];
}

function describeStopped({ runId, reasons, published }: Stopped): string {
  const seen = published ? `readers keep what run ${published.runId} published` : 'nothing was published before';
  const head = `run ${runId} was blocked: ${seen}; see \`sluice gates ${runId}\``;
  return [head, ...reasons.map((reason) => indent(reason))].join('\n');
}

export const statusCommand = (): Command =>
  new Command('status')
    .description('show what is deployed, what is in the tables and what is going on')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(status);
