import { Command } from 'commander';
import { backfillTable, describeBackfill } from './backfill/describe-backfill.ts';
import { look, lookoutOf, seenOf } from './backfill/look.ts';
import { followBackfill, type StartOptions, startNamed } from './backfill/start.ts';
import { steeredBackfill } from './backfill/steer.ts';
import { UsageError } from './shared/errors.ts';
import { domainOfRun } from './shared/named.ts';
import { moment, type Target, wholeNumber, withTarget } from './shared/options.ts';
import { printJson } from './shared/output.ts';
import { Platform } from './shared/platform.ts';

interface Options extends Target {
  readonly json?: true;
}

async function backfill(
  name: string | undefined,
  { from, to, ...options }: StartOptions & { readonly from?: number; readonly to?: number },
): Promise<void> {
  if (name === undefined) throw new UsageError('found no table; `sluice backfill status` lists what there was');
  if (from === undefined || to === undefined)
    throw new UsageError('--from and --to: both are needed; `sluice rebuild` makes all of a table again');
  const range = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
  await startNamed(name, { kind: 'backfill', range }, options);
}

/** More than anybody looks back. */
const LISTED = 20;

async function status(id: string | undefined, { json, ...target }: Options): Promise<void> {
  const platform = await Platform.open(target);
  if (id !== undefined) {
    const domain = domainOf(platform, id);
    const seen = await seenOf(lookoutOf(platform, domain), domain, id);
    if (json) printJson(seen);
    else console.log(describeBackfill(seen));
    return;
  }
  const lists = await Promise.all(platform.domains.map((domain) => platform.backfills.backfills(domain, LISTED)));
  const newest = lists.flat().sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const seen = await Promise.all(newest.slice(0, LISTED).map((each) => look(lookoutOf(platform, each.domain), each)));
  if (json) printJson(seen);
  else console.log(seen.length > 0 ? backfillTable(seen) : 'there was no backfill yet');
}

const domainOf = ({ domains }: Platform, id: string): string => {
  const domain = domainOfRun(id, domains);
  if (domain === undefined)
    throw new UsageError(`backfill '${id}' is unknown; list them with \`sluice backfill status\``);
  return domain;
};

const steer =
  (action: 'pause' | 'resume' | 'cancel') =>
  async (id: string, { wait, json, ...target }: Options & { readonly wait?: true }): Promise<void> => {
    const platform = await Platform.open(target);
    const steered = await steeredBackfill(platform, domainOf(platform, id), { action, id });
    await followBackfill(platform, steered, { wait, json });
  };

const steerCommand = (action: 'pause' | 'resume' | 'cancel', description: string): Command =>
  withTarget(new Command(action).description(description).argument('<backfill>')).action(steer(action));

/** What starting one and starting another have in common. */
export const withStart = (command: Command): Command =>
  withTarget(
    command
      .option('--reason <text>', 'why; kept with it, so without values of the data')
      .option(
        '--concurrency <jobs>',
        'intervals made at the same time; as many as may be when left out',
        wholeNumber(1),
      )
      .option('--dry-run', 'show intervals and what they take, and start nothing')
      .option('--wait', 'wait until it has ended; one that did not succeed ends with 1'),
  );

export const backfillCommand = (): Command =>
  withStart(
    new Command('backfill')
      .description('make a range of a silver table again from bronze, beside runs; list, pause, resume or cancel that')
      .argument('[table]', 'such as commerce.silver.orders')
      .option('--from <time>', 'event time: a date, or how long ago, such as 36h', moment)
      .option('--to <time>', 'event time that is not part of it', moment),
  )
    .addCommand(
      withTarget(
        new Command('status')
          .description('how far backfills have come, newest first, or all that is known of one')
          .argument('[backfill]'),
      ).action(status),
    )
    .addCommand(steerCommand('pause', 'stop its jobs; what is made stays'))
    .addCommand(
      steerCommand('resume', 'make what a pause or a failure has left to do').option(
        '--wait',
        'wait until it has ended; one that did not succeed ends with 1',
      ),
    )
    .addCommand(steerCommand('cancel', 'end it for good, and drop what it made; its table stays as it is'))
    .action(backfill);
