import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import type { DeadLetters, Found, Redriven } from './dlq/dead-letters.ts';
import { findDeadLetters } from './dlq/find-dead-letters.ts';
import { ReplayFunction } from './quarantine/replay-function.ts';
import { OperationError, UsageError } from './shared/errors.ts';
import { count, plural, table } from './shared/format.ts';
import { domainsNamed } from './shared/named.ts';
import { domainCommand, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress } from './shared/progress.ts';

interface Options extends Target {
  readonly domain?: string;
  readonly json?: true;
}

function find({ env, settings }: Platform, domain: string): Promise<DeadLetters[]> {
  const lambda = new LambdaClient({});
  return findDeadLetters(
    { sqs: new SQSClient({}), s3: new S3Client({}), lambda },
    {
      prefix: `sluice-${env}-${domain}-`,
      onFailureUri: settings.get(`${domain}/on-failure-uri`),
      replay: new ReplayFunction(lambda, settings.get(`${domain}/replay-function`)),
    },
  );
}

async function list({ domain: name, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const domains = domainsNamed(name, platform.domains);
  const found = (await Promise.all(domains.map((domain) => look(platform, domain)))).flat();
  if (json) printJson(found);
  else console.log(describeFound(found));
}

async function look(platform: Platform, domain: string): Promise<Waiting[]> {
  const places = await find(platform, domain);
  return Promise.all(places.map(async (each) => ({ domain, place: each.name, ...(await each.look()) })));
}

type Waiting = { readonly domain: string; readonly place: string } & Found;

const describeFound = (found: readonly Waiting[]): string =>
  table(
    found.map(({ domain, place, waiting, oldest, reasons }) => ({
      domain,
      place,
      waiting: count(waiting),
      oldest: oldest?.slice(0, 19).replace('T', ' '),
      why: reasons.join('; '),
    })),
  );

async function redrive(names: readonly string[], { domain, json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const places = chosen(await find(platform, platform.domain(domain)), names);
  const progress = new Progress();
  const results: ({ place: string } & Redriven)[] = [];
  for (const place of places) {
    const result = await progress.step(`redrive ${place.name}`, () => place.redrive());
    results.push({ place: place.name, ...result });
  }
  if (json) printJson(results);
  else for (const { place, redriven } of results) console.log(`${place}: ${plural(redriven, 'message')} redriven`);
  const left = results.flatMap((each) => each.left.map((reason) => `${each.place}: ${reason}`));
  if (left.length > 0)
    throw new OperationError([`${plural(left.length, 'message')} left where they are:`, ...left].join('\n  '));
}

function chosen(places: readonly DeadLetters[], names: readonly string[]): readonly DeadLetters[] {
  const unknown = names.find((name) => !places.some((place) => place.name === name));
  if (unknown !== undefined)
    throw new UsageError(`place '${unknown}' is unknown; there are ${places.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? places : places.filter(({ name }) => names.includes(name));
}

export const dlqCommand = (): Command =>
  new Command('dlq')
    .description('list or redrive what could not be delivered or handled')
    .addCommand(domainCommand('list', 'say what waits where, since when and why; no payloads').action(list))
    .addCommand(
      domainCommand('redrive', 'send what waits on its way again, once its cause is repaired')
        .argument('[place...]', 'as `list` names them; all of them without')
        .action(redrive),
    );
