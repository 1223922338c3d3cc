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
export async function startRun(platform: Platform, domain: string): Promise<Start> {
  const FunctionName = platform.settings.get(`${domain}/start-run-function`);
  const Payload = JSON.stringify({ trigger: 'command line' });
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

interface Options extends Target {
  readonly wait?: true;
  readonly json?: true;
}

async function run(name: string | undefined, { wait, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const domain = domainNamed(name, platform.domains, '');
  const start = await startRun(platform, domain);
  if (!wait) {
    if (json) printJson(start);
    else console.log(describeStart(start));
    return;
  }
  const last = await new Progress().step(`run ${domain}`, (tell) => untilFree(platform, domain, tell));
  if (json) printJson(last);
  else console.log(describeEnd(last));
  if (last.status === 'failed' || last.status === 'blocked') {
    throw new OperationError(`run ${last.runId} ${last.status}; see \`sluice runs ${last.runId}\``);
  }
}

const describeStart = (start: Start): string =>
  start.type === 'RunStarted'
    ? `run ${start.runId} started; follow it with \`sluice runs ${start.runId}\``
    : `run ${start.activeRun} is active; another one follows at its end`;

const describeEnd = ({ runId, status, durationMs, steps }: RunItem): string =>
  [`${runId}: ${status} in ${seconds(durationMs ?? 0)}`, ...(steps.length > 0 ? [stepTable(steps)] : [])].join('\n');

export const runCommand = (): Command =>
  new Command('run')
    .description("start a domain's run on demand")
    .argument('[domain]', 'needed when there are several')
    .option('--wait', 'wait until it has ended; a failed or blocked run ends with 1')
    .addOption(envOption())
    .addOption(homeOption())
    .addOption(jsonOption())
    .action(run);
