import { setTimeout as sleep } from 'node:timers/promises';
import { type Backfill, isUnderWay } from '../../lambdas/shared/backfill-ledger.ts';
import type { StartWish } from '../../lambdas/steer-backfill/steer-backfill.ts';
import { tableId } from '../../lib/contract/contract.ts';
import { estimateBackfill } from '../../lib/plan/estimate-backfill.ts';
import { describeHold } from '../../lib/publish/describe-hold.ts';
import { pastSteps } from '../plan/gather-sizes.ts';
import { dialectOf, queryOf } from '../query/run-query.ts';
import { callerOf } from '../shared/caller.ts';
import { OperationError, UsageError } from '../shared/errors.ts';
import { tableNamed } from '../shared/named.ts';
import type { Target } from '../shared/options.ts';
import { printJson } from '../shared/output.ts';
import { Platform } from '../shared/platform.ts';
import { Progress } from '../shared/progress.ts';
import { bar, describeBackfill, describePreview, describeWidened, type Seen } from './describe-backfill.ts';
import { look, lookoutOf, seenOf } from './look.ts';
import { type Measured, measureRange } from './measure-range.ts';
import { plannedBackfill, steeredBackfill } from './steer.ts';

const POLL_MS = 500;
/** Runs that are looked at for how long steps take. */
const RUNS = 50;

interface Follow {
  readonly wait: true | undefined;
  readonly json: true | undefined;
}

/** What starting a backfill and starting a rebuild have in common. */
export interface StartOptions extends Target {
  readonly concurrency?: number;
  readonly reason?: string;
  readonly dryRun?: boolean;
  readonly wait?: true;
  readonly json?: true;
}

/** Starts the one that a person wishes, or shows what that would do. */
export async function startNamed(
  name: string,
  what: Pick<StartWish, 'kind' | 'range'>,
  { concurrency, reason = '', dryRun = false, wait, json, ...target }: StartOptions,
): Promise<void> {
  if (!dryRun && reason.trim() === '')
    throw new UsageError(`--reason: found nothing; allowed is why, which is kept with the ${what.kind}`);
  const platform = await Platform.open(target);
  const table = tableNamed(name, platform.contracts.map(tableId));
  const [domain = ''] = table.split('.');
  const by = await callerOf(target.env);
  const wish = { ...what, table, concurrency, dryRun, by, reason: reason || 'a look at what it takes' };
  await startWish(platform, domain, wish, { wait, json });
}

async function startWish(platform: Platform, domain: string, wish: StartWish, follow: Follow): Promise<void> {
  const { table, source, from, to } = await plannedBackfill(platform, domain, wish);
  const measured = await measureRange(queryOf(platform.env, platform.settings), dialectOf(platform.env), source, {
    ...{ from, to },
  });
  if (!measured)
    throw new UsageError(`${source} holds no event from ${from} to ${to}, so there is nothing to make ${table} from`);
  const isWidened = wish.range !== null && (from !== wish.range.from || to !== wish.range.to);
  if (isWidened && !follow.json) console.log(describeWidened(table));
  const sized = { ...wish, ...measured };
  if (wish.dryRun) return preview(platform, domain, sized, follow);
  const backfill = await steeredBackfill(platform, domain, { action: 'start', ...sized });
  const hold = await platform.ledger.goldHold(domain);
  if (hold && !follow.json) console.log(`${describeHold(hold)}; what this changes comes to gold after that`);
  await followBackfill(platform, backfill, follow);
}

async function preview(
  platform: Platform,
  domain: string,
  wish: StartWish & Measured,
  { json }: Follow,
): Promise<void> {
  const { events } = wish;
  const planned = await plannedBackfill(platform, domain, wish);
  const runs = (await platform.ledger.runs(domain, RUNS)).filter(({ status }) => status === 'succeeded');
  const { intervals, concurrency } = planned;
  const estimate = estimateBackfill(events, intervals.length, concurrency, runs.flatMap(pastSteps));
  if (json) printJson({ ...planned, events, estimate });
  else console.log(describePreview({ ...planned, events, estimate }));
}

/** Tells that it has started, or waits for its end. */
export async function followBackfill(platform: Platform, backfill: Backfill, { wait, json }: Follow): Promise<void> {
  const seen = wait ? await untilEnded(platform, backfill) : await look(lookoutOf(platform, backfill.domain), backfill);
  if (json) printJson(seen);
  else console.log(describeBackfill(seen));
  if (wait && seen.status !== 'succeeded') throw new OperationError(`backfill ${seen.id} is ${seen.status}`);
}

function untilEnded(platform: Platform, { id, domain, table }: Backfill): Promise<Seen> {
  const lookout = lookoutOf(platform, domain);
  return new Progress().step(`make ${table} again`, async (tell) => {
    for (;;) {
      const seen = await seenOf(lookout, domain, id);
      if (!isUnderWay(seen)) return seen;
      const { filled, intervals, status } = seen;
      tell(`${bar(filled.length, intervals.length)} ${filled.length} of ${intervals.length} intervals, ${status}`);
      await sleep(POLL_MS);
    }
  });
}
