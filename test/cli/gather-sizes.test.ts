import { gatherSizes } from '../../cli/plan/gather-sizes.ts';
import type { RunItem, RunStep } from '../../lambdas/shared/ledger.ts';
import { costOf } from '../../lib/plan/spark-prices.ts';
import { MemoryLedger } from '../lambdas/fakes/memory-ledger.ts';
import { MemoryDocuments } from '../lambdas/fakes/memory-stores.ts';
import { afterCommits, afterRun, LINES, NOTHING, ORDERS, planOf } from '../lib/plan/commerce.ts';

const FIRST = afterCommits(NOTHING, 4);
const SECOND = afterCommits(afterRun(FIRST, planOf(FIRST)), 2);
const USED = { vCPUHour: 1, memoryGBHour: 4, storageGBHour: 0 };
const SIZE = { rows: 70, files: 2, bytes: 700 };

const step = (name: string, rowsIn: number): RunStep => ({
  ...{ name, outcome: 'passed', rowsIn, rowsOut: 0, quarantined: 0, billed: USED },
  ...{ startedAt: '2011-01-04T10:00:00Z', endedAt: '2011-01-04T10:03:00Z' },
});

async function ledgerOf(...runs: readonly Pick<RunItem, 'runId' | 'status' | 'steps'>[]): Promise<MemoryLedger> {
  const ledger = new MemoryLedger();
  const at = '2011-01-04T10:00:00Z';
  for (const run of runs)
    await ledger.endRun('commerce', { type: 'run', v: 1, trigger: '', startedAt: at, endedAt: at, gates: [], ...run });
  return ledger;
}

const refined = (tables: readonly [rowsIn: number, rowsOut: number][]) => ({
  tables: tables.map(([rowsIn, rowsOut]) => ({ table: LINES, rowsIn, rowsOut })),
});

test('earlier runs that went well tell how long steps took, what they cost, and what came of a row', async () => {
  const ledger = await ledgerOf(
    { runId: 'r1', status: 'succeeded', steps: [step('refine', 10), step('model', 40)] },
    { runId: 'r2', status: 'blocked', steps: [step('refine', 99)] },
    { runId: 'r3', status: 'succeeded', steps: [step('refine', 20)] },
    { runId: 'r4', status: 'succeeded', steps: [step('refine', 30)] },
  );
  const documents = new MemoryDocuments();
  await documents.write('s3://o/runs/commerce/r1/refine.json', refined([[10, 20]]));
  await documents.write('s3://o/runs/commerce/r3/refine.json', refined([[20, 60]]));
  await documents.write(
    's3://o/runs/commerce/r4/refine.json',
    refined([
      [10, 90],
      [0, 5],
    ]),
  );
  const known = await gatherSizes({ ledger, documents, logs: { sizeOf: async () => SIZE } }, SECOND, planOf(SECOND));
  const cost = costOf(USED);
  expect(
    known.past
      .filter((each) => each.step === 'refine')
      .map(({ rows }) => rows)
      .toSorted(),
  ).toEqual([10, 20, 30]);
  expect(known.past.filter((each) => each.step === 'model')).toEqual([{ step: 'model', rows: 40, minutes: 3, cost }]);
  expect(known.yields).toEqual(new Map([[LINES, 3]]));
  expect(known.ranges).toEqual(new Map([[`${ORDERS} 4-5`, SIZE]]));
});

test('results that are not kept any more are done without', async () => {
  const ledger = await ledgerOf({ runId: 'r1', status: 'succeeded', steps: [step('refine', 10)] });
  const gone = { read: () => Promise.reject(Object.assign(new Error('gone'), { name: 'NoSuchKey' })) };
  const known = await gatherSizes(
    { ledger, documents: gone, logs: { sizeOf: async () => SIZE } },
    FIRST,
    planOf(FIRST),
  );
  expect(known.yields).toEqual(new Map());
  expect(known.past).toHaveLength(1);
});
