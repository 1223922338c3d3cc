import { rm } from 'node:fs/promises';
import path from 'node:path';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Command } from 'commander';
import { type LocalCloud, openLocalCloud } from '../local/local-cloud.ts';
import { type DemoInput, folderInput, generatedInput } from './demo/demo-input.ts';
import { type DemoReport, describeReport, readReport } from './demo/demo-report.ts';
import { bootstrap, deployAssembly, synthesise } from './deploy/cdk.ts';
import { fetchDigest } from './send/fetch-digest.ts';
import { sendEvents } from './send/send-events.ts';
import { enter } from './shared/cloud.ts';
import { messageOf, OperationError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { Interrupt } from './shared/interrupt.ts';
import { jsonOption, positive, wholeNumber } from './shared/options.ts';
import { Platform } from './shared/platform.ts';
import { Progress, type Tell } from './shared/progress.ts';
import { inProject } from './shared/project.ts';
import { waitFor } from './wait.ts';

const DOMAIN = 'commerce';
/** Apart from the cloud that a user has up. */
const HOME = inProject('.sluice', 'demo');
const HERE = path.relative(process.cwd(), HOME) || '.';
const TARGET = { env: 'local', home: HOME } as const;

interface Options {
  readonly data?: string;
  readonly orders: number;
  readonly seed: number;
  readonly timeout: number;
  readonly keep?: true;
  readonly json?: true;
}

async function demo({ data, orders, seed, timeout, keep, json }: Options): Promise<void> {
  const startedAt = performance.now();
  const input = data === undefined ? await generatedInput(seed, orders) : await folderInput(data);
  const cloud = openLocalCloud({ home: HOME });
  const progress = new Progress();
  const interrupt = new Interrupt(() => {
    progress.mute();
    return Promise.all([cloud.stop(), input.discard()]);
  });
  try {
    const report = await perform(cloud, input, { progress, timeout, startedAt });
    if (!json) console.log(`\n${describeReport(report)}\n\n${whereToLook(keep)}`);
    if (!keep) await cloud.stop();
    if (json) console.log(JSON.stringify(report));
  } catch (error) {
    await interrupt.letPass();
    await cloud.stop();
    throw new OperationError(`${messageOf(error)}\nlogs are in ${HERE}/logs`);
  } finally {
    await input.discard();
  }
}

/** From nothing to a report. The app is synthesised while the cloud starts, and Spark warms up meanwhile. */
async function perform(
  cloud: LocalCloud,
  input: DemoInput,
  { progress, timeout, startedAt }: { progress: Progress; timeout: number; startedAt: number },
): Promise<DemoReport> {
  await cloud.stop();
  await rm(HOME, { recursive: true, force: true });
  await Promise.all([
    progress.step('synthesise the app', () => synthesise(TARGET)),
    progress.step('start the local cloud', async () => {
      await cloud.start();
      enter(cloud);
      await bootstrap(TARGET);
    }),
  ]);
  await progress.step('deploy it', async (tell) => {
    tell(plural(await deployAssembly(TARGET, tell, DOMAIN), 'stack'));
  });
  const platform = await Platform.open(TARGET);
  const events = input.events(await fetchDigest(new SecretsManagerClient({}), platform.settings, DOMAIN));
  await progress.step(`send ${input.description}`, (tell) => sendAll(platform, events, tell));
  await progress.step('wait for gold', async (tell) => {
    const { lastRun } = await waitFor(platform, DOMAIN, timeout, tell);
    if (lastRun?.status === 'succeeded' || lastRun?.status === 'nothing-to-do') return;
    throw new OperationError(
      `run ${lastRun?.runId} ended as '${lastRun?.status}'${lastRun?.error ? `: ${lastRun.error}` : ''}`,
    );
  });
  return progress.step('ask for a report', () => readReport(platform, startedAt));
}

async function sendAll(platform: Platform, events: ReturnType<DemoInput['events']>, tell: Tell): Promise<void> {
  for (const [event, sent] of Object.entries(events))
    await sendEvents(platform, DOMAIN, { source: 'demo', event, events: sent }, tell);
}

function whereToLook(keep: boolean | undefined): string {
  if (!keep) return 'where to look next: npx sluice demo --keep leaves it running, to be queried';
  const home = `--home ${HERE}`;
  return [
    'it is still running; where to look next:',
    `  npx sluice query ${home} "select * from commerce_gold.gold_product_performance limit 10"`,
    `  npx sluice query ${home} "select reasons, payload from commerce_ops.quarantine limit 10"`,
    `  npx sluice runs ${home}`,
    `  npx sluice grants ${home}`,
    `  npx sluice down ${home} --wipe     to stop it`,
  ].join('\n');
}

export const demoCommand = (): Command =>
  new Command('demo')
    .description('show the whole platform at work: from events to gold tables, on this machine')
    .option('--data <folder>', 'real data: daily CSV files, or the archive that holds them')
    .option('--orders <number>', 'orders of the generated shop', wholeNumber(1), 3000)
    .option('--seed <number>', 'another shop', wholeNumber(0), 1)
    .option('--timeout <seconds>', 'give up waiting for gold after', positive, 600)
    .option('--keep', 'leave it running')
    .addOption(jsonOption())
    .action(demo);
