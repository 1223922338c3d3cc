import fc from 'fast-check';
import { ATTEMPTS, decideLoads, type WatchedLoad } from '../../../lambdas/advance-loads/decide-loads.ts';
import type { JobState } from '../../../lambdas/shared/load-ports.ts';

const load = (shard: string, attempt = 1, jobRunId?: string) => ({
  shard,
  requestedAt: '2026-01-01',
  attempt,
  jobRunId,
});
const watched = (shard: string, job: JobState | null, attempt = 1): WatchedLoad => ({
  load: load(shard, attempt, job === null ? undefined : `job of ${shard}`),
  job,
});
const shards = (loads: readonly { shard: string }[]) => loads.map(({ shard }) => shard);

test('loads are started in their order, as far as there is room beside those that run', () => {
  const loads = [watched('a', 'running'), watched('b', null), watched('c', null), watched('d', null)];
  const { toStart, running, waiting } = decideLoads(loads, 3);
  expect([shards(toStart), running, waiting]).toEqual([['b', 'c'], 1, 1]);
});

test('a failed attempt is followed by another one, with a job of its own, and the last one by none', () => {
  const { toStart, toGiveUp } = decideLoads([watched('a', 'failed'), watched('b', 'failed', ATTEMPTS)], 3);
  expect(toStart).toEqual([{ shard: 'a', requestedAt: '2026-01-01', attempt: 2 }]);
  expect(shards(toGiveUp)).toEqual(['b']);
});

const job = fc.constantFrom<JobState | null>(null, 'running', 'succeeded', 'failed');
const some = fc
  .uniqueArray(fc.tuple(fc.string(), job, fc.integer({ min: 1, max: ATTEMPTS })), { selector: ([shard]) => shard })
  .map((all) => all.map(([shard, state, attempt]) => watched(shard, state, attempt)));

test('every load is run, started, finished, given up or waits: one of them, and never too many at once', () => {
  fc.assert(
    fc.property(some, fc.integer({ min: 1, max: 4 }), (loads, atOnce) => {
      const { toFinish, toGiveUp, toStart, running, waiting } = decideLoads(loads, atOnce);
      const moved = [...toFinish, ...toGiveUp, ...toStart];
      expect(moved.length + running + waiting).toBe(loads.length);
      expect(new Set(shards(moved)).size).toBe(moved.length);
      expect(toStart.length === 0 || toStart.length + running <= atOnce).toBe(true);
      expect(waiting === 0 || toStart.length + running >= atOnce).toBe(true);
    }),
  );
});
