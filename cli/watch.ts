import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Command } from 'commander';
import { OperationError } from './shared/errors.ts';
import { domainNamed, domainsNamed } from './shared/named.ts';
import { type Target, withTarget } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress } from './shared/progress.ts';
import { describeWatched } from './watch/describe-watch.ts';
import { readWatched } from './watch/read-watched.ts';

interface Options extends Target {
  readonly now?: true;
  readonly json?: true;
}

async function watch(name: string | undefined, { now, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const domains = now ? [domainNamed(name, platform.domains, '')] : domainsNamed(name, platform.domains);
  if (now) for (const domain of domains) await new Progress().step(`look at ${domain}`, () => look(platform, domain));
  const watched = await Promise.all(domains.map((domain) => readWatched(platform.watches(domain), domain)));
  if (json) printJson(watched);
  else console.log(watched.map(describeWatched).join('\n\n'));
}

/** What the function records is what is printed. */
async function look({ settings }: Platform, domain: string): Promise<void> {
  const FunctionName = settings.get(`${domain}/watch-domain-function`);
  const answer = await new LambdaClient({}).send(new InvokeCommand({ FunctionName }));
  if (answer.FunctionError)
    throw new OperationError(`${FunctionName} failed: ${Buffer.from(answer.Payload ?? []).toString()}`);
}

export const watchCommand = (): Command =>
  withTarget(
    new Command('watch')
      .description('show what the watchdog found, did by itself, and how good tables are')
      .argument('[domain]', 'all when left out; needed for --now when there are several')
      .option('--now', 'have it look now, remedies included, as its schedule does'),
  ).action(watch);
