import { Command } from 'commander';
import { describeHold } from '../lib/publish/describe-hold.ts';
import { describeRun, runTable } from './runs/describe-run.ts';
import { UsageError } from './shared/errors.ts';
import { domainOfRun } from './shared/named.ts';
import { envOption, homeOption, jsonOption, type Target, wholeNumber } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly limit: number;
  readonly json?: true;
}

async function listRuns(platform: Platform, { limit, json }: Options): Promise<void> {
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

async function showRun(platform: Platform, runId: string, { json }: Options): Promise<void> {
  const domain = domainOfRun(runId, platform.domains);
  const run = domain === undefined ? null : await platform.ledger.run(domain, runId);
  if (!run) throw new UsageError(`run '${runId}' is unknown; list them with \`sluice runs\``);
  if (json) printJson(run);
  else
    console.log(
      describeRun(run, platform.settings.get('storage/ops-bucket'), platform.settings.get(`${domain}/application-id`)),
    );
}

async function runs(id: string | undefined, { env, home, ...options }: Options): Promise<void> {
  const platform = await Platform.open({ env, home });
  await (id === undefined
    ? listRuns(platform, { env, home, ...options })
    : showRun(platform, id, { env, home, ...options }));
}

export const runsCommand = (): Command =>
  new Command('runs')
    .description('list runs, or show the steps, gates, logs and cost of one')
    .argument('[id]', 'a run')
    .option('--limit <runs>', 'how many to list', wholeNumber(1), 20)
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(runs);
