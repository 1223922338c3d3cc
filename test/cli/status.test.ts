import { listParked, stoppedRun } from '../../cli/status.ts';
import { shardOf } from '../../lambdas/shared/file-shard.ts';
import type { RunItem } from '../../lambdas/shared/ledger.ts';
import { MemoryFileLedger, MemoryLandedFiles } from '../lambdas/fakes/memory-files.ts';

test('parked files are named as long as they lie where they were put', async () => {
  const [files, ledger] = [new MemoryLandedFiles(), new MemoryFileLedger('commerce')];
  const put = (name: string, content: string) => files.put(`landing/commerce/stock_counts/${name}`, content);
  const parked = [put('lies ä/a.csv', 'large'), put('replaced.csv', 'large')];
  for (const file of [...parked, put('landed.csv', 'small')]) {
    await ledger.announce(shardOf(file), file, '2026-01-01T00:00:00.000Z');
    await ledger.end(shardOf(file), parked.includes(file) ? 'parked' : 'landed', '2026-01-01T00:01:00.000Z');
  }
  put('replaced.csv', 'smaller');
  expect(await listParked(ledger, files)).toEqual(['s3://landing/landing/commerce/stock_counts/lies ä/a.csv']);
});

describe('a blocked run', () => {
  const gates = [
    { step: 'refine', outcome: 'quarantined', reasons: ['a row was refused'], checks: [] },
    { step: 'model', outcome: 'blocked', reasons: ['a sum is negative'], checks: [] },
  ] as const;
  const run = (runId: string, status: RunItem['status']): RunItem => ({
    ...{ type: 'run', v: 1, runId, status, trigger: 'a test', startedAt: '2026-01-01T00:00:00Z', steps: [], gates },
  });
  const published = { slot: 'blue', runId: 'r1', publishedAt: '2026-01-01T00:00:00Z', tables: {} } as const;

  test('is told, with why it was stopped and what readers see meanwhile, while nothing newer was judged', () => {
    const runs = [run('r4', 'running'), run('r3', 'nothing-to-do'), run('r2', 'blocked'), run('r1', 'succeeded')];
    expect(stoppedRun(runs, published)).toEqual({ runId: 'r2', reasons: ['a sum is negative'], published });
  });

  test('is history once a later run was published, and is not confused with one that failed', () => {
    expect(stoppedRun([run('r3', 'succeeded'), run('r2', 'blocked')], published)).toBeNull();
    expect(stoppedRun([run('r3', 'failed'), run('r2', 'blocked')], published)).toBeNull();
    expect(stoppedRun([], null)).toBeNull();
  });
});
