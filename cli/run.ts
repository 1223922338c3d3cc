import { setTimeout as sleep } from 'node:timers/promises';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Command } from 'commander';
import * as z from 'zod';
import type { RunItem } from '../lambdas/shared/ledger.ts';
import { stepTable } from './runs/describe-run.ts';
import { OperationError } from './shared/errors.ts';
import { seconds } from './shared/format.ts';
import { domainNamed } from './shared/named.ts';
import { envOption, homeOption, jsonOption, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress, type Tell } from './shared/progress.ts';

const POLL_MS = 200;

/** As start-run answers. */
const startSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('RunStarted'), runId: z.string() }),
  z.object({ type: z.literal('RunWaits'), activeRun: z.string() }),
]);
type Start = z.output<typeof startSchema>;

/** Starts a run, or asks the active one to start another at its end. */
export async function startRun(platform: Platform, domain: string, trigger = 'command line'): Promise<Start> {
  const FunctionName = platform.settings.get(`${domain}/start-run-function`);
  const Payload = JSON.stringify({ trigger });
  const answer = await new LambdaClient({}).send(new InvokeCommand({ FunctionName, Payload }));
  const text = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError) throw new OperationError(`${FunctionName} failed: ${text}`);
  return startSchema.parse(JSON.parse(text));
}

/** Waits until the domain is free, and gives the run that ended last. */
export async function untilFree(platform: Platform, domain: string, tell: Tell): Promise<RunItem> {
  for (;;) {
    const { activeRun, dirty } = await platform.ledger.domainState(domain);
    const [last] = await platform.ledger.runs(domain, 1);
    if (!activeRun && !dirty && last) return last;
    tell(activeRun ?? 'the next run');
    await sleep(POLL_MS);
  }
}

interface Follow {
  readonly wait: true | undefined;
  readonly json: true | undefined;
}

async function run(name: string | undefined, { wait, json, ...target }: Target & Partial<Follow>): Promise<void> {
  const platform = await Platform.open(target);
  const domain = domainNamed(name, platform.domains, '');
  await followStart(platform, domain, await startRun(platform, domain), { wait, json });
}

/** Tells what became of the wish for a run, or waits for its end. */
export async function followStart(
  platform: Platform,
  domain: string,
  start: Start,
  { wait, json }: Follow,
): Promise<void> {
  if (!wait) {
    if (json) printJson(start);
    else console.log(describeStart(start));
    return;
  }
  const last = await new Progress().step(`run ${domain}`, (tell) => untilFree(platform, domain, tell));
  if (json) printJson(last);
  else console.log(describeEnd(last));
  if (last.status !== 'succeeded' && last.status !== 'nothing-to-do')
    throw new OperationError(`run ${last.runId} ${last.status}; see \`sluice runs show ${last.runId}\``);
}

const describeStart = (start: Start): string =>
  start.type === 'RunStarted'
    ? `run ${start.runId} started; follow it with \`sluice runs show ${start.runId}\``
    : `run ${start.activeRun} is active; another one follows at its end`;

const describeEnd = ({ runId, status, durationMs, steps }: RunItem): string =>
  [`${runId}: ${status} in ${seconds(durationMs ?? 0)}`, ...(steps.length > 0 ? [stepTable(steps)] : [])].join('\n');

export const runCommand = (): Command =>
  new Command('run')
    .description("start a domain's run on demand")
    .argument('[domain]', 'needed when there are several')
    .option('--wait', 'wait until it has ended; one that did not succeed ends with 1')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(run);
