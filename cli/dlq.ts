import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import type { DeadLetters, Found, Redriven } from '../lambdas/shared/dead-letters.ts';
import { findDeadLetters } from './dlq/find-dead-letters.ts';
import { ReplayFunction } from './quarantine/replay-function.ts';
import { OperationError, UsageError } from './shared/errors.ts';
import { count, plural, table } from './shared/format.ts';
import { domainsNamed, ofOneDomain } from './shared/named.ts';
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

interface Place {
  readonly domain: string;
  readonly letters: DeadLetters;
}

/** All places of the named domain, or of all. */
async function placesOf(platform: Platform, name: string | undefined): Promise<Place[]> {
  const domains = domainsNamed(name, platform.domains);
  const places = domains.map(async (domain) => (await find(platform, domain)).map((letters) => ({ domain, letters })));
  return (await Promise.all(places)).flat();
}

async function list({ domain: name, json, ...target }: Options): Promise<void> {
  const places = await placesOf(await Platform.open(target), name);
  const found = await Promise.all(places.map(look));
  if (json) printJson(found);
  else console.log(describeFound(found));
}

const look = async ({ domain, letters }: Place): Promise<Waiting> => ({
  ...{ domain, place: letters.name },
  ...(await letters.look()),
});

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

async function redrive(names: readonly string[], { domain: name, json, ...target }: Options): Promise<void> {
  const places = chosen(await placesOf(await Platform.open(target), name), names);
  const meant = await ofOneDomain(places, async (each) => (await look(each)).waiting > 0);
  const progress = new Progress();
  const results: ({ place: string } & Redriven)[] = [];
  for (const { domain, letters } of meant) {
    const result = await progress.step(`redrive ${letters.name} of ${domain}`, () => letters.redrive());
    results.push({ place: letters.name, ...result });
  }
  if (json) printJson(results);
  else if (meant.length === 0) console.log('nothing waits');
  else for (const { place, redriven } of results) console.log(`${place}: ${plural(redriven, 'message')} redriven`);
  const left = results.flatMap((each) => each.left.map((reason) => `${each.place}: ${reason}`));
  if (left.length > 0)
    throw new OperationError([`${plural(left.length, 'message')} left where they are:`, ...left].join('\n  '));
}

function chosen(places: readonly Place[], names: readonly string[]): readonly Place[] {
  const known = [...new Set(places.map(({ letters }) => letters.name))];
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UsageError(`place '${unknown}' is unknown; there are ${known.join(', ')}`);
  return names.length === 0 ? places : places.filter(({ letters }) => names.includes(letters.name));
}

export const dlqCommand = (): Command =>
  new Command('dlq')
    .description('list or redrive what could not be delivered or handled')
    .addCommand(domainCommand('list', 'say what waits where, since when and why; no payloads').action(list))
    .addCommand(
      domainCommand('redrive', 'send what waits on its way again, once its cause is repaired')
        .argument('[place...]', 'as `list` names them; without, all of the only domain in which anything waits')
        .action(redrive),
    );
