import path from 'node:path';
import {
  type BackfillInput,
  cancelBackfill,
  pauseBackfill,
  resumeBackfill,
  type StartWish,
  startBackfill,
} from '../../../lambdas/steer-backfill/steer-backfill.ts';
import { loadContracts } from '../../../lib/contract/load-contracts.ts';
import { MemoryBackfillLedger } from '../fakes/memory-backfill-ledger.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryFolders } from '../fakes/memory-folders.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryDocuments } from '../fakes/memory-stores.ts';

const ID = 'commerce-20110105t100000-0badcafe';
const call = { id: ID, now: '2011-01-05T10:00:00.000Z' };
const wish: StartWish = {
  ...{ kind: 'backfill', table: 'commerce.silver.orders', reason: 'a wrong price list', by: 'ada', dryRun: false },
  range: { from: '2011-01-01T00:00:00.000Z', to: '2011-01-04T00:00:00.000Z' },
};
const contracts = loadContracts(path.resolve(import.meta.dirname, '../../..')).filter(
  ({ domain }) => domain === 'commerce',
);

function world() {
  const versions = { latest: async () => 4, lastChange: async (_: string, latest: number) => latest };
  const buckets = { bronze: 'b', silver: 's', gold: 'g', ops: 'o' };
  return {
    backfills: new MemoryBackfillLedger(),
    known: { ledger: new MemoryLedger(), versions, contracts, buckets },
    documents: new MemoryDocuments(),
    executions: new MemoryExecutions<BackfillInput>(),
    folders: new MemoryFolders(),
    domain: 'commerce',
    intervalsAtOnce: 2,
  };
}

async function started(more: Partial<StartWish> = {}) {
  const steering = world();
  await startBackfill(steering, { ...wish, ...more }, call);
  const status = async () => (await steering.backfills.backfill('commerce', ID))?.status;
  return { steering, status };
}

const refused = (reason: RegExp) => ({ type: 'Refused', reason: expect.stringMatching(reason) });

test('a start writes the plan, remembers who wished it and why, and runs all intervals', async () => {
  const { steering } = await started();
  const planUri = `s3://o/backfills/commerce/${ID}/plan.json`;
  expect(await steering.documents.read(planUri)).toMatchObject({ backfillId: ID, task: { table: wish.table } });
  expect(await steering.backfills.backfill('commerce', ID)).toMatchObject({
    ...{ status: 'running', by: 'ada', reason: 'a wrong price list', source: 'commerce.bronze.orders', concurrency: 2 },
  });
  expect(steering.executions.started).toEqual([
    { runId: `${ID}-1`, backfillId: ID, planUri, concurrency: 2, fill: [0, 1, 2] },
  ]);
});

test('a dry run tells what it would do, and leaves nothing behind', async () => {
  const steering = world();
  const planned = await startBackfill(steering, { ...wish, dryRun: true }, call);
  expect(planned).toMatchObject({ type: 'Planned', source: 'commerce.bronze.orders', concurrency: 2 });
  expect([steering.documents.documents.size, steering.executions.started]).toEqual([0, []]);
  expect(await steering.backfills.backfills('commerce', 9)).toEqual([]);
});

test.each<[string, Partial<StartWish>, RegExp]>([
  [
    'more jobs at once than may be',
    { concurrency: 3 },
    /^concurrency: found 3; allowed is up to 2 in this environment$/,
  ],
  ['what cannot be planned', { table: 'commerce.bronze.orders' }, /is never changed/],
])('%s is refused, and starts nothing', async (_, more, reason) => {
  const steering = world();
  expect(await startBackfill(steering, { ...wish, ...more }, call)).toEqual(refused(reason));
  expect(steering.executions.started).toEqual([]);
});

test('a second backfill of a table is refused as long as the first is not over, and says which that is', async () => {
  const { steering } = await started();
  const second = { ...call, id: 'commerce-20110105t100001-0badcafe' };
  expect(await startBackfill(steering, wish, second)).toEqual(refused(new RegExp(`not over: '${ID}'`)));
  await cancelBackfill(steering, ID, call.now);
  expect(await startBackfill(steering, wish, second)).toMatchObject({ type: 'Steered' });
});

test('a pause stops the execution, and a resume makes only what is not made', async () => {
  const { steering, status } = await started();
  await steering.backfills.recordFilled('commerce', ID, { index: 1, events: 1, rows: 1, refused: 0 });
  expect(await pauseBackfill(steering, ID)).toMatchObject({ backfill: { status: 'paused' } });
  expect([await status(), steering.executions.running.size]).toEqual(['paused', 0]);
  expect(await pauseBackfill(steering, ID)).toEqual(refused(/is paused; one that is running can be paused/));
  expect(await resumeBackfill(steering, ID)).toMatchObject({ backfill: { status: 'running', attempt: 2 } });
  expect(steering.executions.started[1]).toMatchObject({ runId: `${ID}-2`, fill: [0, 2] });
});

test('what still runs cannot be resumed, and what was killed without a word can', async () => {
  const { steering, status } = await started();
  expect(await resumeBackfill(steering, ID)).toEqual(refused(/is running; one that is paused or failed/));
  steering.executions.running.clear();
  expect(await resumeBackfill(steering, ID)).toMatchObject({ type: 'Steered' });
  expect(await status()).toBe('running');
});

test('an execution that cannot be started leaves a backfill that can be resumed', async () => {
  const steering = world();
  steering.executions.isDown = true;
  await expect(startBackfill(steering, wish, call)).rejects.toThrow(/could not be started; resume it/);
  steering.executions.isDown = false;
  expect(await resumeBackfill(steering, ID)).toMatchObject({ backfill: { status: 'running', attempt: 2 } });
});

test('a cancellation stops it, takes away what it has made, and is the end', async () => {
  const { steering, status } = await started();
  await cancelBackfill(steering, ID, call.now);
  expect([await status(), steering.executions.running.size]).toEqual(['cancelled', 0]);
  expect(steering.folders.removed).toEqual([`s3://s/commerce/_backfill_${ID}`]);
  for (const steer of [pauseBackfill, resumeBackfill])
    expect(await steer(steering, ID)).toEqual(refused(/is cancelled; one that is/));
  expect(await cancelBackfill(steering, ID, call.now)).toEqual(refused(/is cancelled; one that is running, paused/));
});

test('an unknown one is told where to look', async () => {
  for (const steer of [pauseBackfill, resumeBackfill])
    expect(await steer(world(), 'commerce-1')).toEqual(refused(/'commerce-1' is unknown; list them/));
});
