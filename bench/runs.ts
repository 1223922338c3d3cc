// What runs cost, in local clouds of their own, by days of a real shop: npm run bench:runs -- [--json] [--minutes n]
// A run with nothing to do; one more day on 60 days of history beside the same day on 6; from an event to published gold.
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { RunItem } from '../lambdas/shared/ledger.ts';
import { daysOfTheShop, PlatformUnderTest } from '../test/e2e/platform-under-test.ts';
import { event, line, order } from '../test/e2e/scenarios/shop-events.ts';
import { figuresOf } from './measure.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, minutes: { type: 'string', default: '12' } },
});
const HISTORY = 6;
const TENFOLD = HISTORY * 10;
const IDLE_RUNS = 5;
const MINUTE = 60_000;

const days = daysOfTheShop();
const [warmUp = '', ...measured] = days.slice(-4);

interface Cost {
  readonly seconds: number;
  readonly bytes: number;
}

/** The same days are measured after each history, so that nothing but the history differs. */
async function moreDays(platform: PlatformUnderTest, history: number): Promise<Cost> {
  await platform.up();
  await platform.succeed('deploy', '--domain', 'commerce');
  await platform.sendAndWait(...platform.shopDays(...days.slice(0, history)));
  await platform.sendAndWait(...platform.shopDays(warmUp));
  const costs: Cost[] = [];
  for (const day of measured) costs.push(costOf((await platform.sendAndWait(...platform.shopDays(day))).lastRun));
  const median = (of: keyof Cost) => figuresOf(costs.map((cost) => cost[of])).median;
  return { seconds: median('seconds'), bytes: median('bytes') };
}

function costOf({ runId, status, steps, durationMs = Number.NaN }: RunItem): Cost {
  if (status !== 'succeeded') throw new Error(`run ${runId} ended as '${status}'`);
  return { seconds: durationMs / 1000, bytes: steps.reduce((sum, { bytesRead = Number.NaN }) => sum + bytesRead, 0) };
}

async function idle(platform: PlatformUnderTest): Promise<{ sparkJobs: number; seconds: number }> {
  const before = (await platform.sparkJobs()).length;
  const seconds: number[] = [];
  for (let run = 0; run < IDLE_RUNS; run += 1) {
    const { status, durationMs = Number.NaN } = await platform.json<RunItem>('run', 'commerce', '--wait');
    if (status !== 'nothing-to-do') throw new Error(`a run that had nothing to do ended as '${status}'`);
    seconds.push(durationMs / 1000);
  }
  return { sparkJobs: (await platform.sparkJobs()).length - before, seconds: figuresOf(seconds).median };
}

/** One batch of orders a minute, each from before it is sent until the run that published it has ended. */
async function eventToGold(platform: PlatformUnderTest, minutes: number): Promise<number[]> {
  const seconds: number[] = [];
  for (let minute = 0; minute < minutes; minute += 1) {
    const started = Date.now();
    const { lastRun } = await platform.sendAndWait(platform.writeLines(`minute-${minute}.jsonl`, batch(minute)));
    seconds.push((Date.parse(lastRun.endedAt ?? '') - started) / 1000);
    if (minute + 1 < minutes) await sleep(Math.max(0, started + MINUTE - Date.now()));
  }
  const [{ orders } = {}] = await platform.query(
    "select count(distinct order_id) as orders from commerce_gold.gold_fact_sales where order_id like 'bench-%'",
  );
  if (Number(orders) !== minutes * ORDERS) throw new Error(`found ${orders} of ${minutes * ORDERS} orders in gold`);
  return seconds;
}

const ORDERS = 50;
const batch = (minute: number): object[] =>
  Array.from({ length: ORDERS }, (_, index) => {
    const id = `bench-${minute}-${index}`;
    return event(id, order(id, [line(1), line(2)]));
  });

const [small, large] = [new PlatformUnderTest(), new PlatformUnderTest()];
try {
  const one = await moreDays(small, HISTORY);
  await small.dispose();
  const ten = await moreDays(large, TENFOLD);
  const nothing = await idle(large);
  const toGold = (await eventToGold(large, Number(values.minutes))).toSorted((a, b) => a - b);
  const p95 = toGold[Math.ceil(toGold.length * 0.95) - 1] ?? Number.NaN;
  const tenfold = { timeRatio: ratio(ten.seconds, one.seconds), bytesRatio: ratio(ten.bytes, one.bytes) };
  const say = (text: string) => process.stdout.write(`${text}\n`);
  say(`nothing to do: ${nothing.sparkJobs} Spark jobs, ${nothing.seconds.toFixed(1)} s (promised 0 and 2 s)`);
  say(`one more day after ${HISTORY} days: ${one.seconds.toFixed(1)} s, ${one.bytes} bytes read`);
  say(`the same after ${TENFOLD} days: ${ten.seconds.toFixed(1)} s, ${ten.bytes} bytes read`);
  say(`ratios: time ${tenfold.timeRatio}, bytes ${tenfold.bytesRatio} (promised 1.2 or less)`);
  say(`event to published gold, a batch a minute: p95 ${p95.toFixed(1)} s of ${toGold.length} (promised 60 s)`);
  if (values.json) say(JSON.stringify({ idle: nothing, tenfold, eventToGoldP95: p95 }));
} finally {
  await Promise.all([small.dispose(), large.dispose()]);
}

function ratio(a: number, b: number): number {
  return Number((a / b).toFixed(2));
}
