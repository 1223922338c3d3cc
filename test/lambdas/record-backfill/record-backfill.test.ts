import {
  failBackfill,
  finishBackfill,
  recordFilled,
  takeDomain,
} from '../../../lambdas/record-backfill/record-backfill.ts';
import type { Backfill } from '../../../lambdas/shared/backfill-ledger.ts';
import type { EndedBackfill, RunInput } from '../../../lambdas/shared/ports.ts';
import { MemoryBackfillLedger } from '../fakes/memory-backfill-ledger.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryFolders } from '../fakes/memory-folders.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryDocuments, MemoryQueue } from '../fakes/memory-stores.ts';
import { backfillOf } from '../shared/backfills.ts';

const ID = 'shop-1';
const RUN = `${ID}-1`;
const ORDERS = 'shop.silver.orders';
const folder = `s3://ops/backfills/shop/${ID}`;
const shadow = 's3://silver/shop/_backfill_shop-1';
const now = new Date('2011-01-05T10:00:00Z');
const before = { version: 7, rows: 100, consumed: { 'shop.bronze.orders': 41 } };
const comparison = { same: 90, changed: 5, missing: 3, surplus: 2, newer: 0 };

async function world(more: Partial<Backfill> = {}) {
  const ledger = new MemoryLedger();
  const executions = new MemoryExecutions<RunInput>();
  const documents = new MemoryDocuments();
  const told: EndedBackfill[] = [];
  const counted: string[] = [];
  const recorder = {
    bus: { backfillEnded: async (ended: EndedBackfill) => void told.push(ended) },
    metrics: { add: (name: string) => void counted.push(name) },
    ...{ backfills: new MemoryBackfillLedger(), launcher: { ledger, executions, settleSeconds: 5 }, documents },
    ...{ queue: new MemoryQueue(), folders: new MemoryFolders(), domain: 'shop', settleMinutes: 30 },
    nextRunId: () => 'shop-next',
  };
  await ledger.claim({ domain: 'shop', runId: 'run', trigger: 'a test', at: now.toISOString() });
  await ledger.recordTables({ domain: 'shop', runId: 'run' }, new Map([[ORDERS, before]]));
  await ledger.release({ domain: 'shop', runId: 'run' });
  await recorder.backfills.begin(backfillOf(ID, more));
  await documents.write(`${folder}/plan.json`, {
    ...{ backfillId: ID, folder, shadow: { uri: shadow }, task: { table: ORDERS, contractVersion: '1.2.0' } },
  });
  const known = () => recorder.backfills.backfill('shop', ID);
  return { recorder, ledger, executions, documents, known, told, counted };
}

const settled = (outcome: string, more: object = {}) => ({
  ...{ version: 1, backfillId: ID, outcome, reasons: [], comparison, versionAfter: 8, rowCount: 101 },
  quarantine: [
    { uri: `${folder}/quarantine/interval-0`, rows: 2 },
    { uri: `${folder}/quarantine/interval-1`, rows: 0 },
  ],
  ...more,
});

/** As the state machine goes about it. */
async function settle(result: object) {
  const all = await world();
  await takeDomain(all.recorder, RUN, now);
  await all.documents.write(`${folder}/settled.json`, result);
  return { ...all, answer: await finishBackfill(all.recorder, RUN, now) };
}

test('an interval is remembered by what its job reports, and results of another are not taken for it', async () => {
  const { recorder, documents } = await world();
  const result = { version: 1, backfillId: ID, index: 1, events: 10, rows: 9, refused: 1 };
  await documents.write(`${folder}/interval-1.json`, result);
  await recordFilled(recorder, RUN, 1);
  expect(await recorder.backfills.filled('shop', ID)).toEqual([{ index: 1, events: 10, rows: 9, refused: 1 }]);
  await documents.write(`${folder}/interval-1.json`, { ...result, backfillId: 'shop-2' });
  await expect(recordFilled(recorder, RUN, 1)).rejects.toThrow(/found results of 'shop-2'; allowed is 'shop-1'/);
});

test('it waits while a run has the domain, and then has it until its job must be over', async () => {
  const { recorder, ledger, known } = await world();
  await ledger.claim({ domain: 'shop', runId: 'busy', trigger: 'a test', at: now.toISOString() });
  expect(await takeDomain(recorder, RUN, now)).toEqual({ isTaken: false, consumed: -1 });
  expect((await known())?.status).toBe('running');
  await ledger.release({ domain: 'shop', runId: 'busy' });
  expect(await takeDomain(recorder, RUN, now)).toEqual({ isTaken: true, consumed: 41 });
  expect(await takeDomain(recorder, RUN, now)).toEqual({ isTaken: true, consumed: 41 });
  expect((await known())?.status).toBe('settling');
  expect(await ledger.domainState('shop')).toMatchObject({ activeRun: ID, heldUntil: '2011-01-05T10:30:00.000Z' });
});

test('one that was paused takes nothing, nor does an attempt that another has followed', async () => {
  const paused = await world({ status: 'paused' });
  await expect(takeDomain(paused.recorder, RUN, now)).rejects.toThrow(/is paused; it settles nothing/);
  const resumed = await world({ attempt: 2 });
  await expect(takeDomain(resumed.recorder, RUN, now)).rejects.toThrow(/'shop-1-1' is no current attempt/);
  for (const { ledger } of [paused, resumed]) expect((await ledger.domainState('shop')).activeRun).toBeUndefined();
});

test('rows that differed are recorded with the table, and a run follows that restates gold', async () => {
  const { recorder, ledger, executions, known } = await settle(settled('applied'));
  expect((await ledger.tables([ORDERS])).get(ORDERS)).toEqual({ ...before, version: 8, rows: 101 });
  expect(await known()).toMatchObject({ status: 'succeeded', endedAt: now.toISOString(), comparison });
  expect(executions.started.map(({ runId }) => runId)).toEqual(['shop-next']);
  expect((await ledger.domainState('shop')).activeRun).toBe('shop-next');
  expect(recorder.folders.removed).toEqual([shadow]);
});

test('refused rows are announced once, and count as no events', async () => {
  const { recorder } = await settle(settled('applied'));
  expect(recorder.queue.batches).toEqual([
    expect.objectContaining({
      ...{ table: 'shop.ops.quarantine', staged: `${folder}/quarantine/interval-0/`, rows: 2, events: 0 },
      txn: { appId: 'backfill:shop-1:0', version: 1 },
    }),
  ]);
});

test('where nothing differed the table stays as it is known, no run follows, and the domain is free', async () => {
  const { ledger, executions, known } = await settle(settled('unchanged', { versionAfter: 7 }));
  expect((await ledger.tables([ORDERS])).get(ORDERS)).toEqual(before);
  expect([(await known())?.status, executions.started]).toEqual(['succeeded', []]);
  expect((await ledger.domainState('shop')).activeRun).toBeUndefined();
});

test('a commit of which the job could not tell any more is known by its version', async () => {
  const { ledger, executions } = await settle(settled('unchanged', { versionAfter: 8 }));
  expect((await ledger.tables([ORDERS])).get(ORDERS)).toMatchObject({ version: 8 });
  expect(executions.started).toHaveLength(1);
});

test('a refusal is an end that says why, and announces nothing', async () => {
  const reasons = ['refused-rows: found 60 of 100 rows, allowed: 5 %'];
  const { recorder, known, told, counted } = await settle(settled('refused', { reasons, comparison: null }));
  expect([told, counted]).toMatchObject([
    [{ backfillId: ID, table: ORDERS, outcome: 'refused', reasons }],
    ['BackfillsFailed'],
  ]);
  expect(await known()).toMatchObject({ status: 'refused', error: reasons[0] });
  expect(recorder.queue.batches).toEqual([]);
});

test('the end may be told twice', async () => {
  const { recorder, executions, ledger, told, counted } = await settle(settled('applied'));
  await finishBackfill(recorder, RUN, now);
  expect([told.map(({ outcome }) => outcome), counted]).toEqual([['succeeded'], []]);
  expect(executions.started).toHaveLength(1);
  expect((await ledger.domainState('shop')).activeRun).toBe('shop-next');
});

test('what broke gives the domain back and can be resumed; what somebody stopped stays stopped', async () => {
  const { recorder, ledger, known, told, counted } = await world();
  await takeDomain(recorder, RUN, now);
  expect(await failBackfill(recorder, RUN, 'a driver died', now)).toBe('failed');
  expect(await failBackfill(recorder, RUN, 'ABORTED', now)).toBe('failed');
  expect([told.map(({ outcome }) => outcome), counted]).toEqual([['failed'], ['BackfillsFailed']]);
  expect(await known()).toMatchObject({ status: 'failed', error: 'a driver died' });
  expect((await ledger.domainState('shop')).activeRun).toBeUndefined();
  const paused = await world({ status: 'paused' });
  expect(await failBackfill(paused.recorder, RUN, 'ABORTED', now)).toBe('paused');
  const cancelled = await world({ status: 'cancelled' });
  expect(await failBackfill(cancelled.recorder, RUN, 'ABORTED', now)).toBe('cancelled');
  expect(cancelled.recorder.folders.removed).toEqual([shadow]);
  expect([...paused.told, ...cancelled.told, ...paused.counted, ...cancelled.counted]).toEqual([]);
});

test('word of an earlier attempt changes nothing of the one that goes on', async () => {
  const { recorder, ledger, known } = await world({ attempt: 2 });
  await takeDomain(recorder, `${ID}-2`, now);
  expect(await failBackfill(recorder, RUN, 'ABORTED', now)).toBe('settling');
  expect((await known())?.status).toBe('settling');
  expect((await ledger.domainState('shop')).activeRun).toBe(ID);
});
