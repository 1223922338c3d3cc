// A backfill of all days of a real shop over silver that was damaged, killed twice on the way, beside what live runs had
// made, in a local cloud of its own: npm run bench:backfill -- [--json]
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Seen } from '../cli/backfill/describe-backfill.ts';
import { isOver } from '../lambdas/shared/backfill-ledger.ts';
import { daysOfTheShop, PlatformUnderTest } from '../test/e2e/platform-under-test.ts';

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const TABLE = 'commerce.silver.order_lines';
const RANGE = ['2010-12-01', '2011-03-01'] as const;
const POLL_MS = 2000;

const days = daysOfTheShop();
const platform = new PlatformUnderTest();

/** Changes with any value of any row, but for who wrote it. */
const fingerprint = async (): Promise<string> =>
  JSON.stringify(
    await platform.query(`
      select count(*) as rows, md5(string_agg(r::varchar, '|' order by order_id, line_no)) as values
      from (select * exclude (_run_id, _contract_version) from commerce_silver.order_lines) r`),
  );

/** Waits until it is so far, and resumes it whenever it broke: what was killed may also have been made again by itself. */
async function until(id: string, isSoFar: (seen: Seen) => boolean): Promise<Seen> {
  for (;;) {
    const found = await platform.json<Seen>('backfill', 'status', id);
    if (isSoFar(found)) return found;
    if (isOver(found)) throw new Error(`the backfill is '${found.status}' before it was so far`);
    if (found.status === 'failed') await platform.succeed('backfill', 'resume', id);
    await sleep(POLL_MS);
  }
}

const has = (share: number) => (found: Seen) => found.filled.length >= share * found.intervals.length;

function killDriver(): void {
  if (platform.killChildren('the Spark driver') === 0) throw new Error('there was no Spark driver to kill');
}

async function killCloud(): Promise<void> {
  platform.kill();
  await platform.up();
}

try {
  await platform.up();
  await platform.succeed('deploy', '--domain', 'commerce');
  await platform.sendAndWait(...platform.shopDays(...days));
  const live = await fingerprint();
  await platform.python('damage_table.py', await platform.location('commerce_silver', 'order_lines'), ...RANGE);
  const damaged = await fingerprint();
  if (damaged === live) throw new Error('silver was not damaged');
  const started = performance.now();
  const [from, to] = RANGE;
  const wish = ['--from', from, '--to', to, '--reason', 'a bench'];
  const { id } = await platform.json<Seen>('backfill', TABLE, ...wish);
  const kills = [(await until(id, has(0.2))).filled.length];
  killDriver();
  kills.push((await until(id, has(0.6))).filled.length);
  await killCloud();
  const { status, attempt, intervals, comparison } = await until(id, isOver);
  const seconds = Math.round((performance.now() - started) / 1000);
  const isEqual = (await fingerprint()) === live;
  process.stdout.write(
    `${intervals.length} intervals, killed after ${kills.join(' and ')}: '${status}' at attempt ${attempt} in ${seconds} s; ${isEqual ? 'row for row what live runs made' : 'NOT what live runs made'}\n`,
  );
  if (values.json)
    process.stdout.write(
      `${JSON.stringify({ intervals: intervals.length, kills, attempt, seconds, isEqual, comparison })}\n`,
    );
  process.exitCode = isEqual ? 0 : 1;
} finally {
  await platform.dispose();
}
