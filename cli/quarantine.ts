import { KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { Command, InvalidArgumentError, Option } from 'commander';
import { KmsDataKeys } from '../lambdas/shared/kms-data-keys.ts';
import { KmsUnsealer } from '../lambdas/shared/kms-unsealer.ts';
import { placeOf } from '../lib/landing/place.ts';
import type { Status } from '../lib/landing/quarantine-row.ts';
import { closeEntries, type Result } from './quarantine/close-entries.ts';
import { describeEvent, describeList, describeResults } from './quarantine/describe-entries.ts';
import type { Filter, WholeEntry } from './quarantine/entries.ts';
import { type Opened, openQuarantine, openQuarantines, quarantineWith, scopeOf } from './quarantine/open-quarantine.ts';
import { ReplayFunction } from './quarantine/replay-function.ts';
import { startRun } from './run.ts';
import { OperationError, UsageError } from './shared/errors.ts';
import { plural } from './shared/format.ts';
import { domainNamed } from './shared/named.ts';
import { domainCommand, moment, positive, type Target, wholeNumber } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';
import { Progress } from './shared/progress.ts';

interface Common extends Target {
  readonly domain?: string;
  readonly json?: true;
}

/** As commander and `scopeOf` give it: what is not asked for may be there as undefined. */
type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

interface ListOptions extends Common, Omit<Filter, 'status'> {
  readonly status: Status | 'all';
}

const filterOf = ({ table, gate, rule, since, limit }: Loose<Filter>): Filter => ({
  ...(table === undefined ? {} : { table }),
  ...(gate === undefined ? {} : { gate }),
  ...(rule === undefined ? {} : { rule }),
  ...(since === undefined ? {} : { since }),
  ...(limit === undefined ? {} : { limit }),
});

async function list({ status, json, ...options }: ListOptions): Promise<void> {
  const platform = await Platform.open(options);
  const { domains, table } = scopeOf(platform, options);
  const filter = { ...filterOf({ ...options, table }), ...(status === 'all' ? {} : { status }) };
  const opened = await openQuarantines(platform, domains);
  const lists = await Promise.all(opened.map((each) => entriesIn(each, filter)));
  const entries = lists.flat().sort((a, b) => a.first_seen - b.first_seen);
  const shown = entries.slice(0, options.limit);
  if (json) printJson(shown);
  else console.log(describeList(shown));
}

const entriesIn = async ({ domain, quarantine }: Opened, filter: Filter) =>
  (await quarantine.list(filter)).map((entry) => ({ domain, ...entry }));

async function show(id: string, { reveal, json, ...options }: Common & { readonly reveal?: true }): Promise<void> {
  const { domain, quarantine } = await quarantineWith([id], await Platform.open(options), options.domain);
  const [full = ''] = await quarantine.resolve([id]);
  const history = await quarantine.history(full);
  const masked = history.find(({ payload }) => payload !== null)?.payload ?? null;
  const original = reveal ? await unseal(domain, history) : undefined;
  if (json) printJson({ entries: history.map(withoutPayload), masked, ...(reveal && { original }) });
  else console.log(describeEvent(history, original === undefined ? ['masked', masked] : ['as it came', original]));
}

const withoutPayload = ({ payload: _payload, sealed: _sealed, ...entry }: WholeEntry) => entry;

/** Decrypts with the person's own right, which CloudTrail records. */
async function unseal(domain: string, history: readonly WholeEntry[]): Promise<string> {
  const entry = history.find(({ sealed }) => sealed !== null);
  if (!entry?.sealed)
    throw new OperationError('nothing was sealed: what a run refused is in bronze as it is shown here');
  const place = placeOf(entry._shard, entry._sequence, 0n);
  return new KmsUnsealer(new KmsDataKeys(new KMSClient({}), domain)).open(entry.sealed, place);
}

interface CloseOptions extends Common, Filter {
  readonly all?: true;
  readonly timeout: number;
}

async function replay(ids: readonly string[], options: CloseOptions): Promise<void> {
  const results = await close(ids, options, { type: 'Replay', at: new Date().toISOString() });
  const open = results.filter(({ type }) => type === 'RefusedAgain' || type === 'NotReplayable').length;
  if (open > 0)
    throw new OperationError(`${plural(open, 'event')} left open; \`sluice quarantine show <id>\` tells why`);
}

async function discard(ids: readonly string[], options: CloseOptions & { readonly reason: string }): Promise<void> {
  await close(ids, options, { type: 'Discard', at: new Date().toISOString(), reason: options.reason });
}

async function close(
  ids: readonly string[],
  options: CloseOptions,
  how: { type: 'Replay'; at: string } | { type: 'Discard'; at: string; reason: string },
): Promise<Result[]> {
  refuseUnclear(ids, options);
  const platform = await Platform.open(options);
  const { domain, quarantine, filter } = await chosenIn(platform, ids, options);
  const entries = how.type === 'Replay' ? await quarantine.sealed(filter) : await quarantine.unsealed(filter);
  const functions = new ReplayFunction(new LambdaClient({}), platform.settings.get(`${domain}/replay-function`));
  const results = await new Progress().step(how.type.toLowerCase(), (tell) =>
    closeEntries({ quarantine, replay: functions, startRun: () => startRun(platform, domain) }, entries, how, {
      tell,
      timeoutSeconds: options.timeout,
    }),
  );
  if (options.json) printJson(results);
  else console.log(describeResults(results));
  return results;
}

function refuseUnclear(ids: readonly string[], { all }: CloseOptions): void {
  if (ids.length > 0 === (all === true))
    throw new UsageError('name events by their ids, or all open ones with --all and filters such as --table');
}

/** Either the events that are named, or all open ones of a domain that a filter leaves. */
async function chosenIn(platform: Platform, ids: readonly string[], options: CloseOptions) {
  if (ids.length > 0) {
    const opened = await quarantineWith(ids, platform, options.domain);
    return { ...opened, filter: { ids: await opened.quarantine.resolve(ids) } };
  }
  const { domains, table } = scopeOf(platform, options);
  const filter = { ...filterOf({ ...options, table }), status: 'open' as const };
  return { ...openQuarantine(platform, domainNamed(undefined, domains)), filter };
}

/** The first characters will do. */
function idArgument(text: string): string {
  if (/^[0-9a-f]{6,64}$/.test(text)) return text;
  throw new InvalidArgumentError(`found '${text}'; allowed are 6 to 64 characters of an id, as \`list\` shows it`);
}

const idsArgument = (text: string, before: readonly string[] = []): string[] => [...before, idArgument(text)];

const filtered = (command: Command): Command =>
  command
    .option('--table <id>', 'refused for this table, such as commerce.bronze.orders; says the domain too')
    .addOption(new Option('--gate <gate>', 'refused by').choices(['G0', 'G1', 'G2']))
    .option('--rule <rule>', 'refused for breaking this rule, such as g0.type')
    .option('--since <time>', 'first seen since then: 90m, 36h, 7d or a date', moment);

const closing = (name: string, description: string): Command =>
  filtered(domainCommand(name, description))
    .argument('[id...]', 'of events, or the first characters of it', idsArgument)
    .option('--all', 'every open event that the filters leave')
    .option('--timeout <seconds>', 'give up waiting for the commit after', positive, 600);

export const quarantineCommand = (): Command =>
  new Command('quarantine')
    .description('list, show, replay or discard what a gate refused')
    .addCommand(
      filtered(domainCommand('list', 'list events by their latest entry, oldest first'))
        .addOption(new Option('--status <status>').choices(['open', 'replayed', 'discarded', 'all']).default('open'))
        .option('--limit <count>', 'at most so many', wholeNumber(1), 50)
        .action(list),
    )
    .addCommand(
      domainCommand('show', 'show one event with all that was said of it')
        .argument('<id>', 'of the event, or the first characters of it', idArgument)
        .option('--reveal', 'what came as it came, decrypted with your own right')
        .action(show),
    )
    .addCommand(
      closing('replay', 'judge events and rows again by the contracts of today, at the place they always had').action(
        replay,
      ),
    )
    .addCommand(
      closing('discard', 'close events that nobody will repair; nothing is deleted')
        .requiredOption('--reason <text>', 'why; without names and values')
        .action(discard),
    );
