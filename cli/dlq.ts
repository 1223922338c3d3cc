import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { Command } from 'commander';
import type { DeadLetters, Found, Redriven } from './dlq/dead-letters.ts';
import { findDeadLetters } from './dlq/find-dead-letters.ts';
import { ReplayFunction } from './quarantine/replay-function.ts';
import { OperationError, UsageError } from './shared/errors.ts';
import { count, plural, table } from './shared/format.ts';
import { domainCommand, type Target } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress } from './shared/progress.ts';

interface Options extends Target {
  readonly domain?: string;
  readonly json?: true;
}

async function open({ domain: name, ...target }: Options): Promise<DeadLetters[]> {
  const platform = await Platform.open(target);
  const domain = platform.domain(name);
  const lambda = new LambdaClient({});
  return findDeadLetters(
    { sqs: new SQSClient({}), s3: new S3Client({}), lambda },
    {
      prefix: `sluice-${target.env}-${domain}-`,
      onFailureUri: platform.settings.get(`${domain}/on-failure-uri`),
      replay: new ReplayFunction(lambda, platform.settings.get(`${domain}/replay-function`)),
    },
  );
}

async function list({ json, ...options }: Options): Promise<void> {
  const places = await open(options);
  const found = await Promise.all(places.map(async (each) => ({ place: each.name, ...(await each.look()) })));
  if (json) printJson(found);
  else console.log(describeFound(found));
}

const describeFound = (found: readonly ({ place: string } & Found)[]): string =>
  table(
    found.map(({ place, waiting, oldest, reasons }) => ({
      place,
      waiting: count(waiting),
      oldest: oldest?.slice(0, 19).replace('T', ' '),
      why: reasons.join('; '),
    })),
  );

async function redrive(names: readonly string[], { json, ...options }: Options): Promise<void> {
  const places = chosen(await open(options), names);
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
