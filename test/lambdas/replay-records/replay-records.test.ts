import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { type Answer, answer, type ReplayPorts } from '../../../lambdas/replay-records/replay-records.ts';
import { type ReplayRequest, requestSchema } from '../../../lambdas/replay-records/request.ts';
import { stageAll } from '../../../lambdas/shared/stage-tables.ts';
import type { Contract } from '../../../lib/contract/contract.ts';
import { compileLanding, type StreamRecord } from '../../../lib/landing/landing.ts';
import { parseSealed, sealerOf, unseal } from '../../../lib/landing/seal.ts';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import { contracts, data, event, ORDERS, QUARANTINE, recordOf, SECRET, SHARD } from '../../lib/landing/orders.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryDocuments } from '../fakes/memory-stores.ts';
import { MemoryLake } from './memory-lake.ts';

const plain = randomBytes(32);
const sealer = sealerOf({ plain, encrypted: Buffer.from('sealed') });
const gateOf = (known: typeof contracts) => compileLanding('commerce', known, tokeniserOf(SECRET), sealer);
/** Before its contract was deployed, every event was refused. */
const yesterday = gateOf([]);
const today = gateOf(contracts);

const MISFIT = { ...event, id: 'misfit', data: { ...data, country: 7 } };
const AT = '2011-01-05T10:00:00Z';

const dateOf = (days: number): string => new Date(days * 86_400_000).toISOString().slice(0, 10);

class World {
  readonly lake = new MemoryLake();
  readonly aside: string[] = [];
  readonly folder = new Map<string, readonly StreamRecord[]>();
  readonly documents = new MemoryDocuments();
  readonly ledger = new MemoryLedger();

  async refuse(...records: readonly StreamRecord[]): Promise<void> {
    for (const record of records) yesterday.takeRecord(record);
    await stageAll(yesterday.drain(), { ...this.lake, ordered: true });
    this.lake.commit();
  }

  ask(request: object, gate = today): Promise<Answer> {
    const ports: ReplayPorts = {
      domain: 'commerce',
      gate,
      unsealer: { open: async (sealed, place) => unseal(parseSealed(sealed), place, plain) },
      folder: {
        read: async (uri) => this.folder.get(uri) ?? [],
        setAside: async (uri) => void this.aside.push(uri),
      },
      scheduler: { domain: 'commerce', documents: this.documents, book: this.ledger, folder: 's3://ops/replays' },
      stager: { stage: (tables, how) => stageAll(tables, { ...this.lake, ordered: false, ...how }) },
    };
    return answer(requestSchema.parse(request), ports);
  }

  replay(entries = this.open()): Promise<Answer> {
    return this.ask({ type: 'Replay', at: AT, entries });
  }

  open(): Extract<ReplayRequest, { type: 'Replay' }>['entries'] {
    const open = this.lake.latest(QUARANTINE).filter(({ status }) => status === 'open');
    return open.map((entry) => ({ ...entry, _ingest_date: dateOf(Number(entry._ingest_date)) })) as never;
  }

  states(): unknown[] {
    return this.lake.latest(QUARANTINE).map(({ event_id, status, attempts }) => [event_id, status, attempts]);
  }
}

test('an event that fits by now lands at its place, and its entry is closed', async () => {
  const world = new World();
  await world.refuse(recordOf([MISFIT, event]));
  const answered = await world.replay();
  world.lake.commit();
  const id = world.lake.rows(QUARANTINE).find(({ event_id }) => event_id === 'e1')?.quarantine_id;
  expect(answered).toMatchObject({ outcomes: expect.arrayContaining([{ quarantineId: id, type: 'Replayed' }]) });
  expect(world.lake.rows(ORDERS)).toEqual([
    expect.objectContaining({
      order_id: data.order_id,
      customer_id: tokeniserOf(SECRET)('17850'),
      _shard: SHARD,
      _sequence: `${'100'.padStart(64, '0')}.000001`,
      _ingested_at: 1291192000123000,
    }),
  ]);
  expect(world.lake.rows(QUARANTINE).find(({ status }) => status === 'replayed')).toMatchObject({
    quarantine_id: id,
    rules: ['g0.contract'],
    attempts: 2,
    payload: null,
    sealed: null,
    changed_at: Date.parse(AT) * 1000,
  });
});

test('an event that still does not fit stays open with the reasons of today, and can be replayed again', async () => {
  const world = new World();
  await world.refuse(recordOf([MISFIT]));
  for (const attempts of [2, 3]) {
    expect(await world.replay()).toMatchObject({ outcomes: [{ type: 'RefusedAgain' }] });
    world.lake.commit();
    expect(world.states()).toEqual([['misfit', 'open', attempts]]);
  }
  expect(world.lake.rows(ORDERS)).toEqual([]);
  expect(world.lake.rows(QUARANTINE).map(({ rules }) => rules)).toEqual([['g0.contract'], ['g0.type'], ['g0.type']]);
});

test('what was held for personal data stays held until its contract says what the column is', async () => {
  const world = new World();
  const lines = (i: number) => [{ ...data.lines[0], description: `call buyer${i}@example.com` }];
  const events = [1, 2, 3].map((i) => ({ ...event, id: `e${i}`, data: { ...data, lines: lines(i) } }));
  today.takeRecord(recordOf(events));
  await stageAll(today.drain(), { ...world.lake, ordered: true });
  world.lake.commit();
  await world.replay();
  world.lake.commit();
  expect(world.states()).toEqual(events.map(({ id }) => [id, 'open', 2]));
  expect(world.lake.rows(ORDERS)).toEqual([]);
  await world.ask({ type: 'Replay', at: AT, entries: world.open() }, gateOf(contracts.map(withExemptLines)));
  world.lake.commit();
  expect(world.states()).toEqual(events.map(({ id }) => [id, 'replayed', 3]));
  expect(world.lake.rows(ORDERS)).toHaveLength(3);
});

/** Somebody answers for what the lines of an order hold. */
const withExemptLines = (contract: Contract): Contract => ({
  ...contract,
  columns: contract.columns.map((column) => (column.name === 'lines' ? { ...column, exempt: true } : column)),
});

test('text that is no JSON stays what it is', async () => {
  const world = new World();
  await world.refuse(recordOf('two apples'), { ...recordOf(''), sequence: '101', data: '/w==' });
  await world.replay();
  world.lake.commit();
  expect(world.lake.latest(QUARANTINE).map(({ rules, attempts }) => [rules, attempts])).toEqual([
    [['g0.encoding'], 2],
    [['g0.encoding'], 2],
  ]);
});

test('a replay accounts for no event: it was accounted for when it was refused', async () => {
  const world = new World();
  await world.refuse(recordOf([MISFIT, event]));
  const before = world.lake.queue.batches.length;
  await world.replay();
  const sent = world.lake.queue.batches.slice(before);
  expect(sent.map(({ table, events, ordered, positions }) => ({ table, events, ordered, positions }))).toEqual(
    [ORDERS, QUARANTINE].map((table) => ({ table, events: 0, ordered: false, positions: [] })),
  );
});

test.each([
  ['an entry without its original', { sealed: null }, /^its latest entry holds no sealed payload/],
  ['a payload of another place', { _sequence: '7.000000' }, /was changed or moved$/],
  ['a payload that is none', { sealed: 'v1.a' }, /^sealed payload: found 2 parts/],
])('%s cannot be replayed, says why, and holds up no other', async (_what, change, reason) => {
  const world = new World();
  await world.refuse(recordOf([event, { ...event, id: 'e2' }]));
  const [first, second] = world.open();
  const answered = await world.replay([{ ...first, ...change }, second] as never);
  world.lake.commit();
  expect(answered).toEqual({
    outcomes: [
      { quarantineId: second?.quarantine_id, type: 'Replayed' },
      { quarantineId: first?.quarantine_id, type: 'NotReplayable', reason: expect.stringMatching(reason) },
    ],
  });
  expect(world.states()).toEqual([
    ['e1', 'open', 1],
    ['e2', 'replayed', 2],
  ]);
});

test('rows that a run refused wait for the next run, which reads their events from bronze', async () => {
  const world = new World();
  await world.refuse(recordOf([event, { ...event, id: 'e2' }, { ...event, id: 'e3' }]));
  const [first, second, third] = world.open();
  const row = (entry: typeof first, table: string) => ({ ...entry, gate: 'G1', table, sealed: null });
  const entries = [row(first, 'commerce.silver.orders'), row(second, 'commerce.silver.order_lines'), third] as never;
  const before = world.lake.queue.batches.length;
  for (const _ of ['asked', 'asked again']) {
    expect(await world.replay(entries)).toEqual({
      outcomes: [
        { quarantineId: third?.quarantine_id, type: 'Replayed' },
        { quarantineId: first?.quarantine_id, type: 'Scheduled' },
        { quarantineId: second?.quarantine_id, type: 'Scheduled' },
      ],
    });
  }
  const replays = await world.ledger.replays('commerce');
  expect(replays.map(({ table }) => table)).toEqual(['commerce.silver.orders', 'commerce.silver.order_lines']);
  const document = await world.documents.read(replays[0]?.uri ?? '');
  expect(document).toMatchObject({ version: 1, table: 'commerce.silver.orders' });
  expect(document).toMatchObject({
    entries: [
      {
        ...{ quarantineId: first?.quarantine_id, attempts: 1, gate: 'G1', eventId: 'e1' },
        ...{ shard: SHARD, sequence: `${'100'.padStart(64, '0')}.000000`, ingestDate: '2010-12-01' },
      },
    ],
  });
  expect(world.lake.queue.batches.slice(before).map(({ table, rows }) => [table, rows])).toEqual([
    [ORDERS, 1],
    [QUARANTINE, 1],
  ]);
});

test('when the wish cannot be remembered, the command fails and no entry is touched', async () => {
  const world = new World();
  await world.refuse(recordOf(event));
  world.ledger.recordReplay = () => Promise.reject(new Error('DynamoDB is down'));
  const entries = world.open().map((entry) => ({ ...entry, gate: 'G1' }));
  await expect(world.replay(entries)).rejects.toThrow('DynamoDB is down');
  world.lake.commit();
  expect(world.states()).toEqual([['e1', 'open', 1]]);
});

test('an event that is discarded is closed with the reason, and lands nowhere', async () => {
  const world = new World();
  await world.refuse(recordOf(event));
  const request = { type: 'Discard', at: AT, entries: world.open(), reason: 'a test of the producer' };
  await world.ask(request);
  await world.ask(request);
  world.lake.commit();
  expect(world.states()).toEqual([['e1', 'discarded', 2]]);
  expect(world.lake.rows(QUARANTINE)[1]).toMatchObject({ note: 'a test of the producer', rules: ['g0.contract'] });
  expect(world.lake.rows(ORDERS)).toEqual([]);
});

test('when rows cannot be handed over, no entry says that they were', async () => {
  const world = new World();
  await world.refuse(recordOf([event, MISFIT]));
  world.lake.store.broken = /orders/;
  await expect(world.replay()).rejects.toThrow('staging commerce.bronze.orders failed');
  world.lake.commit();
  expect(world.states()).toEqual([
    ['e1', 'open', 1],
    ['misfit', 'open', 1],
  ]);
});

test('parked records land at their places, are accounted for, and are set aside once they are handed over', async () => {
  const world = new World();
  const uri = 's3://landing/aws/lambda/mapping/shard/1';
  world.folder.set(uri, [recordOf([event, MISFIT], '5'), recordOf('broken', '6')]);
  world.lake.queue.isDown = true;
  await expect(world.ask({ type: 'Redrive', uri })).rejects.toThrow('failed');
  expect(world.aside).toEqual([]);
  world.lake.queue.isDown = false;
  expect(await world.ask({ type: 'Redrive', uri })).toEqual({ records: 2 });
  await world.ask({ type: 'Redrive', uri });
  world.lake.commit();
  expect(world.aside).toEqual([uri, uri]);
  expect(world.lake.queue.batches.map(({ table, events, ordered }) => [table, events, ordered])).toEqual([
    [ORDERS, 1, false],
    [QUARANTINE, 2, false],
  ]);
  expect([world.lake.rows(ORDERS).length, world.lake.rows(QUARANTINE).length]).toEqual([1, 2]);
});

const anyEvent = fc.constantFrom<unknown>(event, MISFIT, 7, [event], { ...event, type: 'commerce.wishes.v1' });
const anyBreak = fc.constantFrom('none', 'orders', 'quarantine', 'queue');

test('whatever breaks and however often it is asked for: each event lands once or stays open, and no entry goes', () => {
  const history = fc.record({
    records: fc.array(fc.array(anyEvent, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 4 }),
    padded: fc.boolean(),
    replays: fc.array(fc.record({ breaks: anyBreak, stale: fc.boolean(), twice: fc.boolean() }), { maxLength: 6 }),
  });
  return fc.assert(
    fc.asyncProperty(history, async ({ records, padded, replays }) => {
      const world = new World();
      // Some clouds pad sequence numbers, and a row's columns do not tell.
      await world.refuse(...records.map((events, i) => recordOf(events, padded ? `000${i + 1}` : String(i + 1))));
      const total = records.flat().length;
      const first = world.open();
      for (const { breaks, stale, twice } of [...replays, { breaks: 'none', stale: false, twice: false }]) {
        const kept = world.lake.rows(QUARANTINE);
        world.lake.store.broken = new RegExp(`/${breaks}/`);
        world.lake.queue.isDown = breaks === 'queue';
        const asked = stale ? first : world.open();
        await world.replay(twice ? [...asked, ...asked] : asked).catch(() => undefined);
        world.lake.commit([...world.lake.queue.batches].reverse());
        expect(world.lake.rows(QUARANTINE).slice(0, kept.length)).toEqual(kept);
      }
      const latest = world.lake.latest(QUARANTINE);
      const replayed = latest.filter(({ status }) => status === 'replayed');
      const placesOf = (rows: readonly Readonly<Record<string, unknown>>[]) => rows.map((row) => row._sequence).sort();
      expect(latest).toHaveLength(total);
      expect(placesOf(world.lake.rows(ORDERS))).toEqual(placesOf(replayed));
      expect(replayed).toHaveLength(records.flat().filter((each) => each === event).length);
    }),
    { numRuns: 300 },
  );
});
