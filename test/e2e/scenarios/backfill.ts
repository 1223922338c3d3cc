import { setTimeout as sleep } from 'node:timers/promises';
import type { Seen } from '../../../cli/backfill/describe-backfill.ts';
import type { RunItem } from '../../../lambdas/shared/ledger.ts';
import type { PlatformUnderTest, Row } from '../platform-under-test.ts';

const MINUTE = 60_000;
const POLL_MS = 100;
const TABLE = 'commerce.silver.order_lines';
/** On one of these days nothing was sold. */
const RANGE = ['2010-12-19', '2010-12-23'] as const;

interface Damage {
  readonly version: number;
  readonly changed: number;
  readonly renamed: number;
  readonly deleted: number;
}

/** Silver was damaged, and gold has taken that over: a range of history is made again from bronze. */
export function backfill(platform: PlatformUnderTest): void {
  /** Changes with any value of any row, but for who wrote it. */
  const silverFingerprint = (): Promise<Row[]> =>
    platform.query(`
      select count(*) as rows, md5(string_agg(r::varchar, '|' order by order_id, line_no)) as values
      from (select * exclude (_run_id, _contract_version) from commerce_silver.order_lines) r`);
  const damageTable = async (...days: readonly string[]): Promise<Damage> =>
    platform.python<Damage>('damage_table.py', await platform.location('commerce_silver', 'order_lines'), ...days);
  const start = (from: string, to: string, ...more: readonly string[]): Promise<Seen> =>
    platform.json<Seen>('backfill', TABLE, '--from', from, '--to', to, '--reason', 'a test', ...more);
  /** Then what the first one made is recorded: one job follows the other. */
  async function untilSecondJob(id: string): Promise<void> {
    while ((await platform.sparkJobs(`${id}-1-fill-`)).length < 2) await sleep(POLL_MS);
  }

  describe('a backfill', () => {
    let before: readonly Row[][];
    let damage: Damage;
    let id: string;

    test(
      'that is paused on the way keeps what it has made, and has changed nothing yet',
      async () => {
        before = await Promise.all([silverFingerprint(), platform.goldFingerprint()]);
        damage = await damageTable(...RANGE);
        expect(damage).toMatchObject({ changed: expect.any(Number), deleted: expect.any(Number) });
        const run = await platform.json<RunItem>('run', 'commerce', '--wait');
        expect(run.status).toBe('succeeded');
        const damaged = await Promise.all([silverFingerprint(), platform.goldFingerprint()]);
        for (const [place, fingerprint] of damaged.entries()) expect(fingerprint).not.toEqual(before[place]);
        ({ id } = await start(...RANGE));
        await untilSecondJob(id);
        const paused = await platform.json<Seen>('backfill', 'pause', id);
        expect([paused.status, paused.intervals.length]).toEqual(['paused', 4]);
        expect(paused.filled.length).toBeGreaterThan(0);
        expect(await silverFingerprint()).toEqual(damaged[0]);
        const [from, to] = RANGE;
        const second = await platform.sluice('backfill', TABLE, '--from', from, '--to', to, '--reason', 'once more');
        expect([second.code, second.stderr]).toEqual([1, expect.stringContaining(`not over: '${id}'`)]);
      },
      5 * MINUTE,
    );

    test(
      'that is resumed makes silver what it was, row for row, and the run that follows gold',
      async () => {
        const began = Date.now();
        const { status, attempt, comparison } = await platform.json<Seen>('backfill', 'resume', id, '--wait');
        process.stderr.write(`backfill, resumed: ${(Date.now() - began) / 1000} s\n`);
        expect([status, attempt]).toEqual(['succeeded', 2]);
        const { changed, renamed, deleted } = damage;
        expect(comparison).toMatchObject({ changed, missing: renamed + deleted, surplus: renamed });
        await platform.succeed('wait', '--timeout', '240');
        expect(await Promise.all([silverFingerprint(), platform.goldFingerprint()])).toEqual(before);
      },
      5 * MINUTE,
    );
  });
}
