import { SFNClient } from '@aws-sdk/client-sfn';
import { Command } from 'commander';
import type { RunItem } from '../lambdas/shared/ledger.ts';
import { SfnExecutions } from '../lambdas/shared/sfn-executions.ts';
import { describeHold } from '../lib/publish/describe-hold.ts';
import { followStart, startRun } from './run.ts';
import { cancelRun } from './runs/cancel-run.ts';
import { describeRun, runTable } from './runs/describe-run.ts';
import { checkRetry } from './runs/retry-run.ts';
import { callerOf } from './shared/caller.ts';
import { UsageError } from './shared/errors.ts';
import { domainNamed, domainOfRun } from './shared/named.ts';
import { type Target, wholeNumber, withTarget } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly json?: true;
}

async function list({ limit, json, ...target }: Options & { readonly limit: number }): Promise<void> {
  const platform = await Platform.open(target);
  const lists = await Promise.all(platform.domains.map((domain) => platform.ledger.runs(domain, limit)));
  const newest = lists
    .flat()
    .sort((a, b) => b.startedAt.localeCompare(a.startedAt))
    .slice(0, limit);
  if (json) return printJson(newest);
  console.log(newest.length > 0 ? runTable(newest) : 'no runs yet; send events, or start one with `sluice run`');
  for (const line of await heldDomains(platform)) console.log(line);
}

/** Their runs build no gold, which their steps alone would not explain. */
async function heldDomains({ ledger, domains }: Platform): Promise<string[]> {
  const holds = await Promise.all(domains.map((domain) => ledger.goldHold(domain)));
  return domains.flatMap((domain, index) => (holds[index] ? [`${domain}: ${describeHold(holds[index])}`] : []));
}

async function show(runId: string, { json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const { domain, run } = await findRun(platform, runId);
  const { settings } = platform;
  if (json) printJson(run);
  else console.log(describeRun(run, settings.get('storage/ops-bucket'), settings.get(`${domain}/application-id`)));
}

async function findRun({ ledger, domains }: Platform, runId: string): Promise<{ domain: string; run: RunItem }> {
  const domain = domainOfRun(runId, domains);
  const run = domain === undefined ? null : await ledger.run(domain, runId);
  if (domain === undefined || !run) throw new UsageError(`run '${runId}' is unknown; list them with \`sluice runs\``);
  return { domain, run };
}

/** As many as can have come after a run that is worth another try. */
const RECENT = 1000;

async function retry(runId: string, { wait, json, ...target }: Options & { readonly wait?: true }): Promise<void> {
  const platform = await Platform.open(target);
  const { domain, run } = await findRun(platform, runId);
  checkRetry(run, await platform.ledger.runs(domain, RECENT));
  const start = await startRun(platform, domain, `retry of ${runId}`);
  await followStart(platform, domain, start, { wait, json });
}

async function cancel(name: string | undefined, { reason, json, ...target }: Options & { reason: string }) {
  if (reason.trim() === '') throw new UsageError('--reason: found nothing; the record of the run says why it ended');
  const platform = await Platform.open(target);
  const domain = domainNamed(name, platform.domains, '');
  const executions = new SfnExecutions(new SFNClient({}), platform.settings.get(`${domain}/state-machine-arn`));
  const cancellation = { by: await callerOf(target.env), reason, at: new Date().toISOString() };
  const run = await cancelRun({ ledger: platform.ledger, executions }, domain, cancellation);
  if (json) printJson(run);
  else console.log(describeCancelled(run));
}

const describeCancelled = ({ runId, status }: RunItem): string =>
  status === 'cancelled'
    ? `run ${runId} cancelled; \`sluice runs retry ${runId}\` goes on from there`
    : `run ${runId} was quicker and ${status}; see \`sluice runs show ${runId}\``;

const showCommand = (): Command =>
  withTarget(new Command('show').description('show the steps, gates, logs and cost of a run').argument('<run>'));

const retryCommand = (): Command =>
  withTarget(
    new Command('retry')
      .description('start a run that goes on where one stopped that failed, was blocked or cancelled')
      .argument('<run>')
      .option('--wait', 'wait until it has ended; one that did not succeed ends with 1'),
  );

const cancelCommand = (): Command =>
  withTarget(
    new Command('cancel')
      .description('stop the active run of a domain, and its job; what was committed stays')
      .argument('[domain]', 'needed when there are several')
      .requiredOption('--reason <text>', 'why; kept with the run'),
  );

export const runsCommand = (): Command =>
  withTarget(
    new Command('runs')
      .description('list runs, look into one, retry one, or cancel the active one')
      .option('--limit <runs>', 'how many to list', wholeNumber(1), 20),
  )
    .addCommand(showCommand().action(show))
    .addCommand(retryCommand().action(retry))
    .addCommand(cancelCommand().action(cancel))
    .action(list);
