import {
  backfillTable,
  bar,
  describeBackfill,
  describePreview,
  type Seen,
} from '../../cli/backfill/describe-backfill.ts';
import { describeRestore } from '../../cli/backfill/describe-restore.ts';
import { look } from '../../cli/backfill/look.ts';
import { measureRange } from '../../cli/backfill/measure-range.ts';
import { dialectOf } from '../../cli/query/run-query.ts';
import type { Restore } from '../../lib/plan/decide-restore.ts';
import { estimateBackfill } from '../../lib/plan/estimate-backfill.ts';
import { MemoryBackfillLedger } from '../lambdas/fakes/memory-backfill-ledger.ts';
import { backfillOf } from '../lambdas/shared/backfills.ts';

const seen = (more: Partial<Seen> = {}): Seen => ({
  ...backfillOf('shop-1'),
  filled: [{ index: 0, events: 1200, rows: 1190, refused: 10 }],
  ...more,
});

describe('a backfill as a person reads it', () => {
  test('says what it is of, how far it has come, and how to stop it', () => {
    expect(describeBackfill(seen()).split('\n')).toEqual([
      'shop-1: backfill of shop.silver.orders from shop.bronze.orders, running',
      'event time from 2011-01-01T00:00:00.000Z to 2011-01-03T00:00:00.000Z',
      'wished by ada at 2011-01-05T10:00:00.000Z: a wrong price list',
      '█████░░░░░ 1 of 2 intervals: 1,200 events, 1,190 rows, 10 refused',
      '`sluice backfill pause shop-1` stops it',
    ]);
  });

  test.each(['paused', 'failed'] as const)('that is %s says how to go on', (status) => {
    const text = describeBackfill(seen({ status, attempt: 2, error: 'a driver died' }));
    expect(text).toMatch(new RegExp(`, ${status} in attempt 2\n`));
    expect(text).toMatch(
      /\na driver died\n`sluice backfill resume shop-1` .*`sluice backfill cancel shop-1` drops it$/,
    );
  });

  test('that ended says what it changed', () => {
    const comparison = { same: 2000, changed: 5, missing: 3, surplus: 2, newer: 1 };
    expect(describeBackfill(seen({ status: 'succeeded', comparison }))).toMatch(
      /: 5 rows were changed, 3 added and 2 deleted; 2,000 were right; 1 are of a later event, and stay$/,
    );
  });

  test('that repaired nothing says where to look for the cause', () => {
    const comparison = { same: 9, changed: 0, missing: 0, surplus: 0, newer: 1 };
    expect(describeBackfill(seen({ kind: 'rebuild', status: 'succeeded', comparison }))).toMatch(
      /nothing was changed: all 10 rows are what bronze and the contract make of them, so what is wrong with them is in/,
    );
  });

  test('is a line of the list', () => {
    expect(backfillTable([seen({ status: 'paused' })]).split('\n')[2]).toMatch(
      /^shop-1 +shop.silver.orders +2011-01-01 +2011-01-03 +paused +1 of 2 +ada +a wrong price list$/,
    );
  });

  test.each([
    [0, 3, '░░░░░░░░░░'],
    [2, 3, '██████░░░░'],
    [3, 3, '██████████'],
    [0, 0, '██████████'],
  ])('%d of %d intervals are shown as %s', (done, of, shown) => expect(bar(done, of)).toBe(shown));
});

describe('the truth about a backfill', () => {
  const running = backfillOf('shop-1');
  const lookout = async (isRunning: () => Promise<boolean>) => {
    const backfills = new MemoryBackfillLedger();
    await backfills.begin(running);
    return { backfills, executions: { isRunning } };
  };

  test('is what the ledger says, as long as its execution runs', async () => {
    const seen = await look(await lookout(async () => true), running);
    expect([seen.status, seen.error]).toEqual(['running', undefined]);
  });

  test('is that it failed, once its execution is gone and nobody has recorded an end', async () => {
    const seen = await look(await lookout(async () => false), running);
    expect([seen.status, seen.error]).toEqual(['failed', 'its execution ended without a word']);
  });

  test('is its end, where that came between two looks', async () => {
    const watched = await lookout(async () => {
      await watched.backfills.change(running, { status: 'succeeded' });
      return false;
    });
    expect((await look(watched, running)).status).toBe('succeeded');
  });
});

test('a preview lists the intervals and what they take, or that nobody knows', () => {
  const { table, source, from, to, intervals } = backfillOf('shop-1');
  const preview = { type: 'Planned', table, source, from, to, intervals, concurrency: 2, events: 900 } as const;
  const known = describePreview({ ...preview, estimate: { minutes: 1.25, cost: 0.02 } });
  expect(known).toMatch(
    /^shop.silver.orders: 900 events of .* in 2 intervals, 2 at a time; takes 1.3 minutes and \$0.0200$/m,
  );
  expect(known.split('\n')[4]).toMatch(/^ +1 +2011-01-02T00:00:00.000Z +2011-01-03T/);
  expect(describePreview({ ...preview, estimate: { minutes: null, cost: null } })).toMatch(/takes an unknown time$/m);
});

test('a backfill takes as long as its jobs, of which so many run side by side', () => {
  const past = [100, 200, 300].map((rows) => ({
    step: 'refine' as const,
    rows,
    minutes: rows / 100,
    cost: rows / 1000,
  }));
  const model = { step: 'model' as const, rows: 100, minutes: 99, cost: 9 };
  const { minutes, cost } = estimateBackfill(1000, 5, 2, [...past, model]);
  expect(minutes).toBeCloseTo(6); // three turns of two minutes
  expect(cost).toBeCloseTo(1); // five jobs of 0.2
  expect(estimateBackfill(1000, 5, 2, [])).toEqual({ minutes: null, cost: null });
});

test('a range is measured by event time, and its last event lies inside of what is told', async () => {
  const asked: string[] = [];
  const answer = (rows: Record<string, unknown>[]) => async (sql: string) => {
    asked.push(sql);
    return rows;
  };
  const range = { from: '1970-01-01T00:00:01.000Z', to: '1970-01-01T00:00:09.000Z' };
  const rows = [{ events: 2, earliest: 1_500_700, latest: '8000000' }];
  expect(await measureRange(answer(rows), dialectOf('local'), 'shop.bronze.orders', range)).toEqual({
    events: 2,
    dense: { from: '1970-01-01T00:00:01.500Z', to: '1970-01-01T00:00:08.001Z' },
  });
  expect(asked[0]).toMatch(/from shop_bronze\.orders\s+where epoch_us\(_event_time\) >= 1000000 and .* < 9000000$/);
  expect(await measureRange(answer([{ events: 0 }]), dialectOf('prod'), 'shop.bronze.orders', range)).toBeNull();
});

test('a restore says whose version it is, and what is read again on top of it', () => {
  const restore: Restore = {
    ...{ type: 'Restore', table: 'shop.silver.orders', version: 9, runId: 'r3', rows: 1200 },
    ...{ endedAt: '2011-01-03T02:30:00.000Z', consumed: { a: 20, b: 4 }, upTo: { a: 30, b: 4 } },
  };
  expect(describeRestore(restore).split('\n')).toEqual([
    'shop.silver.orders would be as run r3 left it at 2011-01-03T02:30:00.000Z: version 9, 1,200 rows',
    'the next run would read again versions 21 to 30 of a and nothing of b, which holds no more, and gold follows where rows differ',
    'nothing was changed',
  ]);
  expect(describeRestore({ ...restore, type: 'Restored' })).toMatch(
    /^shop.silver.orders is as run .*\nthe next run reads/,
  );
});
