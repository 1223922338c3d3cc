import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoLedger } from '../../../lambdas/shared/dynamo-ledger.ts';
import { type Ledger, LostLeaseError, type RunItem } from '../../../lambdas/shared/ledger.ts';
import type { History } from '../../../lib/plan/history.ts';
import { createLedgerTable } from '../fakes/ledger-table.ts';
import { useLocalCloud } from '../fakes/local-cloud.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';

const config = useLocalCloud();
async function dynamoLedger(): Promise<Ledger> {
  const client = new DynamoDBClient(config());
  return new DynamoLedger(DynamoDBDocumentClient.from(client), await createLedgerTable(client));
}

const claimOf = (runId: string, more: { replaces?: string } = {}) => ({
  domain: 'commerce',
  runId,
  trigger: 'a test',
  at: '2011-01-04T10:00:00.000Z',
  ...more,
});
const lease = (runId: string) => ({ domain: 'commerce', runId });

describe.each<[string, () => Promise<Ledger>]>([
  ['in DynamoDB', dynamoLedger],
  ['in memory', async () => new MemoryLedger()],
])('the ledger %s', (_name, open) => {
  let ledger: Ledger;
  beforeEach(async () => {
    ledger = await open();
  });

  test('what runs measured is kept for each season of a rule', async () => {
    const thursdays = { table: 'shop.gold.sales', rule: 'usual_rows', season: 'dayOfWeek:4' };
    const fridays = { ...thursdays, season: 'dayOfWeek:5' };
    const history: History = {
      type: 'history',
      v: 1,
      ...thursdays,
      of: 'rows',
      points: [{ runId: 'r1', numbers: [7.5] }],
    };
    expect(await ledger.histories([thursdays, fridays])).toEqual([]);
    await ledger.recordHistory({ ...history, points: [] });
    await ledger.recordHistory(history);
    expect(await ledger.histories([thursdays, fridays])).toEqual([history]);
    expect(await ledger.histories([])).toEqual([]);
    expect(await ledger.tables(['shop.gold.sales'])).toEqual(new Map());
  });

  test('a domain that never ran is free', async () => {
    expect(await ledger.domainState('commerce')).toEqual({ dirty: false, fence: 0 });
    expect(await ledger.run('commerce', 'r1')).toBeNull();
    expect(await ledger.runs('commerce', 10)).toEqual([]);
  });

  test('one run takes the domain, and is recorded as running', async () => {
    expect(await ledger.claim(claimOf('r1'))).toBe(true);
    expect(await ledger.claim(claimOf('r2'))).toBe(false);
    expect(await ledger.domainState('commerce')).toEqual({
      activeRun: 'r1',
      claimedAt: '2011-01-04T10:00:00.000Z',
      dirty: false,
      fence: 1,
    });
    expect(await ledger.run('commerce', 'r1')).toEqual({
      type: 'run',
      v: 1,
      runId: 'r1',
      status: 'running',
      trigger: 'a test',
      startedAt: '2011-01-04T10:00:00.000Z',
      steps: [],
      gates: [],
    });
    expect(await ledger.run('commerce', 'r2')).toBeNull();
  });

  test('of many runs that claim at once, one wins', async () => {
    const won = await Promise.all(['r1', 'r2', 'r3', 'r4', 'r5'].map((id) => ledger.claim(claimOf(id))));
    expect(won.filter(Boolean)).toHaveLength(1);
  });

  test('domains do not share a lease', async () => {
    await ledger.claim(claimOf('r1'));
    expect(await ledger.claim({ ...claimOf('r2'), domain: 'health' })).toBe(true);
  });

  test('a run is replaced only by one that names it, and the fence counts on', async () => {
    await ledger.claim(claimOf('r1'));
    expect(await ledger.claim(claimOf('r3', { replaces: 'r2' }))).toBe(false);
    expect(await ledger.claim(claimOf('r2', { replaces: 'r1' }))).toBe(true);
    expect(await ledger.domainState('commerce')).toMatchObject({ activeRun: 'r2', fence: 2 });
  });

  test('only an active run can be asked for a next one', async () => {
    expect(await ledger.markDirty('commerce')).toBe(false);
    await ledger.claim(claimOf('r1'));
    expect(await ledger.markDirty('commerce')).toBe(true);
    expect((await ledger.domainState('commerce')).dirty).toBe(true);
  });

  test('a run gives back what it holds, and only while nobody waits', async () => {
    await ledger.claim(claimOf('r1'));
    expect(await ledger.release(lease('r2'))).toBe(false);
    await ledger.markDirty('commerce');
    expect(await ledger.release(lease('r1'))).toBe(false);
    expect((await ledger.domainState('commerce')).activeRun).toBe('r1');
  });

  test('a domain that was given back is free', async () => {
    await ledger.claim(claimOf('r1'));
    expect(await ledger.release(lease('r1'))).toBe(true);
    expect(await ledger.domainState('commerce')).toEqual({ dirty: false, fence: 1 });
  });

  test('what an abandoned run was to do stays due', async () => {
    await ledger.claim(claimOf('r1'));
    await ledger.abandon(lease('r2'));
    expect((await ledger.domainState('commerce')).activeRun).toBe('r1');
    await ledger.abandon(lease('r1'));
    expect(await ledger.domainState('commerce')).toEqual({ dirty: true, fence: 1 });
  });

  test("a run's first end stands", async () => {
    await ledger.claim(claimOf('r1'));
    const end: RunItem = { ...claimedRun('r1'), status: 'succeeded', endedAt: '2011-01-04T10:05:00.000Z' };
    expect(await ledger.endRun('commerce', end)).toBe(true);
    expect(await ledger.endRun('commerce', { ...end, status: 'failed' })).toBe(false);
    expect(await ledger.run('commerce', 'r1')).toEqual(end);
  });

  test('a wish to stop a run is noted while it runs, and only then', async () => {
    const cancellation = { by: 'ada', reason: 'a wrong file', at: '2011-01-04T10:01:00.000Z' };
    expect(await ledger.noteCancellation('commerce', 'r1', cancellation)).toBe(false);
    await ledger.claim(claimOf('r1'));
    expect(await ledger.noteCancellation('commerce', 'r1', cancellation)).toBe(true);
    expect(await ledger.run('commerce', 'r1')).toEqual({ ...claimedRun('r1'), cancellation });
    await ledger.endRun('commerce', { ...claimedRun('r1'), status: 'succeeded', endedAt: '2011-01-04T10:05:00.000Z' });
    expect(await ledger.noteCancellation('commerce', 'r1', cancellation)).toBe(false);
  });

  test('runs are listed newest first, up to a limit', async () => {
    for (const id of ['commerce-1', 'commerce-3', 'commerce-2']) await ledger.endRun('commerce', claimedRun(id));
    expect((await ledger.runs('commerce', 2)).map(({ runId }) => runId)).toEqual(['commerce-3', 'commerce-2']);
  });

  test('only the run that holds the domain records tables, slots and what is published', async () => {
    await ledger.claim(claimOf('r1'));
    const tables = new Map([
      ['commerce.silver.orders', { version: 3, rows: 10, consumed: { 'commerce.bronze.orders': 7 } }],
    ]);
    const slot = {
      inputs: { 'commerce.silver.orders': 3 },
      tables: { 'commerce.gold.sales': { version: 1, rows: 9 } },
    };
    const published = {
      slot: 'green' as const,
      runId: 'r1',
      publishedAt: '2011-01-04T10:05:00.000Z',
      tables: slot.tables,
    };
    for (const write of [
      (id: string) => ledger.recordTables(lease(id), tables),
      (id: string) => ledger.recordSlot(lease(id), 'green', slot),
      (id: string) => ledger.recordPublished(lease(id), published),
    ]) {
      await expect(write('r2')).rejects.toThrow(LostLeaseError);
      await write('r1');
    }
    expect(await ledger.tables(['commerce.silver.orders', 'commerce.silver.lines'])).toEqual(tables);
    expect(await ledger.slots('commerce')).toEqual(new Map([['green', slot]]));
    expect(await ledger.published('commerce')).toEqual(published);
  });

  test('publications are kept by who holds the domain, listed newest first, and the last one is what consumers see', async () => {
    await ledger.claim(claimOf('r1'));
    const publication = (id: string) => ({
      ...{ type: 'publication' as const, v: 1 as const, id, runId: id, slot: 'blue' as const },
      ...{ builtAt: '2011-01-04T10:00:00.000Z', publishedAt: '2011-01-04T10:05:00.000Z' },
      ...{ tables: { t: { version: 1, rows: 9 } }, builtFrom: { s: 3 } },
    });
    await expect(ledger.recordPublication(lease('r2'), publication('commerce-9'))).rejects.toThrow(LostLeaseError);
    expect([await ledger.publications('commerce', 9), await ledger.published('commerce')]).toEqual([[], null]);
    for (const id of ['commerce-1', 'commerce-2', 'commerce-3', 'commerce-3'])
      await ledger.recordPublication(lease('r1'), publication(id));
    expect(await ledger.publications('commerce', 2)).toEqual(['commerce-3', 'commerce-2'].map(publication));
    const { slot, publishedAt, tables } = publication('commerce-3');
    const seen = { slot, publishedAt, tables, runId: 'commerce-3', publication: 'commerce-3' };
    expect(await ledger.published('commerce')).toEqual(seen);
  });

  test('gold is held by who holds the domain, and released by anybody, once, who is remembered', async () => {
    const hold = { by: 'ada', reason: 'totals are doubled', since: '2011-01-04T10:05:00.000Z' };
    expect(await ledger.goldHold('commerce')).toBeNull();
    await ledger.claim(claimOf('r1'));
    await expect(ledger.holdGold(lease('r2'), hold)).rejects.toThrow(LostLeaseError);
    await ledger.holdGold(lease('r1'), hold);
    expect([await ledger.goldHold('commerce'), await ledger.goldHold('health')]).toEqual([hold, null]);
    const release = { by: 'grace', at: '2011-01-05T09:00:00.000Z' };
    const released = () => ledger.releaseGold('commerce', release);
    expect([await released(), await released()]).toEqual([true, false]);
    expect(await ledger.goldHold('commerce')).toBeNull();
    expect(await ledger.goldReleases('commerce', 9)).toEqual([{ ...release, held: hold }]);
  });

  test('a domain that is free is taken until a time, and what waits for a run goes on waiting', async () => {
    const term = { at: '2011-01-04T10:00:00.000Z', until: '2011-01-04T10:05:00.000Z' };
    expect(await ledger.takeDomain(lease('rollback-1'), term)).toBe(true);
    expect(await ledger.takeDomain(lease('rollback-2'), term)).toBe(false);
    const taken = { activeRun: 'rollback-1', claimedAt: term.at, heldUntil: term.until, dirty: false, fence: 1 };
    expect(await ledger.domainState('commerce')).toEqual(taken);
    await ledger.markDirty('commerce');
    await ledger.abandon(lease('rollback-1'));
    expect(await ledger.domainState('commerce')).toEqual({ dirty: true, fence: 1 });
    expect(await ledger.takeDomain(lease('rollback-2'), term)).toBe(true);
    expect(await ledger.domainState('commerce')).toMatchObject({ activeRun: 'rollback-2', dirty: true });
  });

  test('a lost lease leaves what was recorded before', async () => {
    await ledger.claim(claimOf('r1'));
    await ledger.recordTables(lease('r1'), new Map([['t', { version: 1, rows: 1 }]]));
    await ledger.claim(claimOf('r2', { replaces: 'r1' }));
    await expect(ledger.recordTables(lease('r1'), new Map([['t', { version: 2, rows: 2 }]]))).rejects.toThrow(
      "run 'r1' no longer holds domain 'commerce'; another run took over, so its results are not recorded",
    );
    expect(await ledger.tables(['t'])).toEqual(new Map([['t', { version: 1, rows: 1 }]]));
  });

  test('overrides are kept one beside the other, each as it was given', async () => {
    const given = { table: 'commerce.gold.sales', rule: 'not_empty', approver: 'a', reason: 'b', runId: 'r1' };
    const first = { ...given, approvedAt: '2011-01-04T10:00:00.000Z', until: '2011-01-05T10:00:00.000Z' };
    const second = { ...first, approvedAt: '2011-01-04T11:00:00.000Z' };
    expect(await ledger.overrides('commerce')).toEqual([]);
    for (const override of [first, second]) await ledger.recordOverride('commerce', override);
    expect(await ledger.overrides('commerce')).toEqual([first, second]);
    expect(await ledger.overrides('health')).toEqual([]);
  });

  test('replays wait until a run has judged them, and asking twice for one is asking once', async () => {
    const [first, second] = ['s3://ops/replays/1.json', 's3://ops/replays/2.json'].map((uri) => ({ table: 't', uri }));
    if (!first || !second) throw new Error('unreachable');
    expect(await ledger.replays('commerce')).toEqual([]);
    for (const replay of [first, second, first]) await ledger.recordReplay('commerce', replay);
    expect((await ledger.replays('commerce')).map(({ uri }) => uri).sort()).toEqual([first.uri, second.uri]);
    expect(await ledger.replays('health')).toEqual([]);
    await ledger.forgetReplays('commerce', [first.uri]);
    expect(await ledger.replays('commerce')).toEqual([second]);
  });

  test('what was sent is listed', async () => {
    const sent = { id: 's1', source: 'shop', events: 10, records: 2, sentAt: '2011-01-04T10:00:00.000Z' };
    await ledger.recordSent('commerce', sent);
    expect(await ledger.sent('commerce')).toEqual([sent]);
    expect(await ledger.sent('health')).toEqual([]);
    expect(await ledger.published('commerce')).toBeNull();
  });
});

const claimedRun = (runId: string): RunItem => ({
  type: 'run',
  v: 1,
  runId,
  status: 'running',
  trigger: 'a test',
  startedAt: '2011-01-04T10:00:00.000Z',
  steps: [],
  gates: [],
});
