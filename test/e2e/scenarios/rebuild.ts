import { setTimeout as sleep } from 'node:timers/promises';
import type { Seen } from '../../../cli/backfill/describe-backfill.ts';
import type { RunItem } from '../../../lambdas/shared/ledger.ts';
import type { PlatformUnderTest, Row } from '../platform-under-test.ts';

const POLL_MS = 100;
const TABLE = 'commerce.silver.order_lines';
const FROM_VERSION = ['rebuild', TABLE, '--from-version'] as const;
const DAMAGED = ['2010-12-19', '2010-12-23'] as const;

interface Followed {
  readonly lastRun: RunItem;
}

interface Damage {
  readonly changed: number;
  readonly renamed: number;
  readonly deleted: number;
}

/** Silver was damaged, and gold has taken that over: all of it is made again from bronze. */
export function rebuild(platform: PlatformUnderTest): void {
  /** Changes with any value of any row, but for who wrote it. */
  const silverFingerprint = (): Promise<Row[]> =>
    platform.query(`
      select count(*) as rows, md5(string_agg(r::varchar, '|' order by order_id, line_no)) as values
      from (select * exclude (_run_id, _contract_version) from commerce_silver.order_lines) r`);
  const damageTable = async (): Promise<Damage> =>
    platform.python<Damage>('damage_table.py', await platform.location('commerce_silver', 'order_lines'), ...DAMAGED);
  /** Then what the first one made is recorded: one job follows the other. */
  async function untilSecondJob(id: string): Promise<void> {
    while ((await platform.sparkJobs(`${id}-1-fill-`)).length < 2) await sleep(POLL_MS);
  }

  describe('a rebuild of a corrupted table', () => {
    let before: readonly Row[][];
    let damage: Damage;
    let id: string;

    test('by the version that a run left makes silver and gold what they were', async () => {
      before = await Promise.all([silverFingerprint(), platform.goldFingerprint()]);
      await damageTable();
      expect(await silverFingerprint()).not.toEqual(before[0]);
      const none = await platform.sluice(...FROM_VERSION, '100000', '--dry-run');
      expect(none.stderr).toMatch(/no version 100000 that a run left; the newest that runs left: \d+ \(/);
      // The oldest of those that are named: some days are refined again.
      const version = [...none.stderr.matchAll(/(\d+) \(commerce-/g)].at(-1)?.[1] ?? '';
      const run = await platform.json<RunItem>(...FROM_VERSION, version, '--reason', 'a test', '--wait');
      expect([run.status, run.trigger]).toEqual(['succeeded', `restore of ${TABLE}`]);
      expect(await Promise.all([silverFingerprint(), platform.goldFingerprint()])).toEqual(before);
    });

    test('that is stopped on the way keeps what it has made, and has changed nothing yet', async () => {
      damage = await damageTable();
      const run = await platform.json<RunItem>('run', 'commerce', '--wait');
      expect(run.status).toBe('succeeded');
      const damaged = await Promise.all([silverFingerprint(), platform.goldFingerprint()]);
      for (const [place, fingerprint] of damaged.entries()) expect(fingerprint).not.toEqual(before[place]);
      ({ id } = await platform.json<Seen>('rebuild', TABLE, '--reason', 'a test'));
      await untilSecondJob(id);
      const paused = await platform.json<Seen>('backfill', 'pause', id);
      expect([paused.kind, paused.status, paused.intervals.length]).toEqual(['rebuild', 'paused', 3]);
      expect(paused.filled.length).toBeGreaterThan(0);
      expect(await silverFingerprint()).toEqual(damaged[0]);
    });

    test('makes silver what it was, row for row, once it is resumed, and then the run that follows makes gold so', async () => {
      const rebuilt = await platform.json<Seen>('backfill', 'resume', id, '--wait');
      expect([rebuilt.status, rebuilt.attempt]).toEqual(['succeeded', 2]);
      const { changed, renamed, deleted } = damage;
      expect(rebuilt.comparison).toMatchObject({ changed, missing: renamed + deleted, surplus: renamed });
      const { commerce } = await platform.json<{ commerce: Followed }>('wait', '--timeout', '240');
      expect(commerce.lastRun.startedAt >= (rebuilt.endedAt ?? '')).toBe(true);
      expect(commerce.lastRun.status).toBe('succeeded');
      expect(await Promise.all([silverFingerprint(), platform.goldFingerprint()])).toEqual(before);
    });
  });
}
