import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Command } from 'commander';
import * as z from 'zod';
import { LambdaTableRestorer } from '../lambdas/shared/lambda-table-restorer.ts';
import { tableId } from '../lib/contract/contract.ts';
import { describeHistory, type History } from './publish/describe-publications.ts';
import { readHistory } from './publish/read-history.ts';
import { callerOf } from './shared/caller.ts';
import { OperationError } from './shared/errors.ts';
import { seconds } from './shared/format.ts';
import { domainNamed, domainsNamed } from './shared/named.ts';
import { type Target, wholeNumber, withTarget } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress } from './shared/progress.ts';

interface Options extends Target {
  readonly json?: true;
}

function historyOf({ ledger, contracts, settings }: Platform, domain: string, limit: number): Promise<History> {
  const restorer = new LambdaTableRestorer(new LambdaClient({}), settings.get(`${domain}/restore-tables-function`));
  const gold = contracts.filter((contract) => contract.domain === domain && contract.layer === 'gold');
  return readHistory({ ledger, restorer, tables: gold.map(tableId) }, domain, limit);
}

async function history(
  name: string | undefined,
  { limit, json, ...target }: Options & { limit: number },
): Promise<void> {
  const platform = await Platform.open(target);
  const domains = domainsNamed(name, platform.domains);
  const histories = await Promise.all(domains.map((domain) => historyOf(platform, domain, limit)));
  if (json) printJson(histories);
  else console.log(histories.map(describeHistory).join('\n\n'));
}

/** As `roll-back-tables` answers. */
const answerSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Refused'), reason: z.string() }),
  z.object({
    type: z.literal('RolledBack'),
    from: z.string(),
    untold: z.string().optional(),
    publication: z.looseObject({ id: z.string(), runId: z.string(), slot: z.string() }),
  }),
]);
type Answer = z.output<typeof answerSchema>;

interface RollbackOptions extends Options {
  readonly to?: string;
  readonly reason: string;
}

async function rollback(name: string | undefined, { to, reason, json, ...target }: RollbackOptions): Promise<void> {
  const platform = await Platform.open(target);
  const domain = domainNamed(name, platform.domains, '');
  const from = (await platform.ledger.published(domain))?.publication;
  const request = { from, to, by: await callerOf(target.env), reason };
  const start = Date.now();
  const answer = await new Progress().step(`roll back ${domain}`, () => ask(platform, domain, request));
  if (answer.type === 'Refused') throw new OperationError(`nothing was changed: ${answer.reason}`);
  const took = Date.now() - start;
  if (json) printJson({ ...answer, seconds: took / 1000 });
  else console.log(describeRollback(domain, answer, took));
}

async function ask(platform: Platform, domain: string, request: object): Promise<Answer> {
  const FunctionName = platform.settings.get(`${domain}/roll-back-function`);
  const answer = await new LambdaClient({}).send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(request) }));
  const text = Buffer.from(answer.Payload ?? []).toString();
  if (answer.FunctionError)
    throw new OperationError(
      `${FunctionName} failed, and consumers see one publication as a whole; \`sluice publish history ${domain}\` says which: ${text}`,
    );
  return answerSchema.parse(JSON.parse(text));
}

const describeRollback = (
  domain: string,
  { publication, from, untold }: Extract<Answer, { type: 'RolledBack' }>,
  took: number,
): string =>
  [
    `${domain}: consumers see again what run ${publication.runId} built, after ${seconds(took)}; before it was publication ${from}`,
    `gold is held: runs refine silver only, until \`sluice publish release ${domain}\``,
    ...(untold === undefined ? [] : [`those who read gold downstream were not told: ${untold}`]),
  ].join('\n');

async function release(name: string | undefined, { json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  const domain = domainNamed(name, platform.domains, '');
  const release = { by: await callerOf(target.env), at: new Date().toISOString() };
  const released = await platform.ledger.releaseGold(domain, release);
  if (json) printJson({ domain, released });
  else if (released)
    console.log(`${domain}: the next run builds gold and publishes it; \`sluice run ${domain}\` starts one`);
  else console.log(`${domain}: gold was not held`);
}

export const publishCommand = (): Command =>
  new Command('publish')
    .description('show what consumers of gold saw and see, and return to what they saw before')
    .addCommand(
      withTarget(
        new Command('history')
          .description('list publications, newest first: all gold tables of a domain that became visible together')
          .argument('[domain]', 'all of them without')
          .option('--limit <publications>', 'how many to list', wholeNumber(1), 20),
      ).action(history),
    )
    .addCommand(
      withTarget(
        new Command('rollback')
          .description('show consumers an earlier publication again, all its tables together, and hold gold')
          .argument('[domain]', 'needed when there are several')
          .option('--to <publication>', 'the one to return to; the one before what consumers see when left out')
          .requiredOption('--reason <text>', 'why; without values of the data'),
      ).action(rollback),
    )
    .addCommand(
      withTarget(
        new Command('release')
          .description('let runs build and publish gold again, after a rollback')
          .argument('[domain]', 'needed when there are several'),
      ).action(release),
    );
