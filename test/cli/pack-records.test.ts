import * as fc from 'fast-check';
import { batchRecords, type Outgoing, type PackedRecord, packRecords, shardBy } from '../../cli/send/pack-records.ts';

const HALF = 2n ** 127n;
const twoShards = shardBy([
  { shard: 'low', from: 0n, to: HALF - 1n },
  { shard: 'high', from: HALF, to: 2n ** 128n - 1n },
]);
const oneShard = () => 'only';

const event = (key: string, n: number, padding = 0): Outgoing => ({
  key,
  text: JSON.stringify({ key, n, padding: 'x'.repeat(padding) }),
});
const membersOf = (record: PackedRecord): { key: string; n: number }[] =>
  JSON.parse(Buffer.from(record.data).toString());

describe('packing events into records', () => {
  test('keeps every event, and the order of each key within its shard', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 60 }), (keys) => {
        const events = keys.map((key, n) => event(key, n, 20));
        const records = packRecords(events, twoShards, { targetBytes: 200 });
        const members = records.flatMap(membersOf);
        expect(members.length).toBe(events.length);
        for (const key of new Set(keys)) {
          const numbers = members.filter((member) => member.key === key).map(({ n }) => n);
          expect(numbers).toEqual([...numbers].sort((x, y) => x - y));
        }
      }),
    );
  });

  test('never lets a record hold events of different shards', () => {
    const events = Array.from({ length: 200 }, (_, n) => event(`order-${n}`, n));
    for (const record of packRecords(events, twoShards)) {
      const shards = new Set(membersOf(record).map(({ key }) => twoShards(key)));
      expect([...shards]).toEqual([twoShards(record.partitionKey)]);
    }
  });

  test('uses the key of the first event', () => {
    const [record] = packRecords([event('first', 1), event('second', 2)], oneShard);
    expect(record?.partitionKey).toBe('first');
    expect(record?.events).toBe(2);
  });

  test('stays within the size it aims at', () => {
    const events = Array.from({ length: 100 }, (_, n) => event('key', n, 300));
    const records = packRecords(events, oneShard, { targetBytes: 2000 });
    expect(records.length).toBeGreaterThan(10);
    for (const { data } of records) expect(data.byteLength).toBeLessThanOrEqual(2000);
  });

  test('gives an event that is larger than that a record of its own', () => {
    const records = packRecords([event('a', 1), event('a', 2, 5000), event('a', 3)], oneShard, { targetBytes: 2000 });
    expect(records.map(({ events }) => events)).toEqual([1, 1, 1]);
  });

  test('refuses an event that no record can hold, and says so', () => {
    expect(() => packRecords([event('C536379', 1, 1024 * 1024)], oneShard)).toThrow(
      /event 'C536379' has [\d,]+ bytes; a record holds at most 1,048,576: split it/,
    );
  });

  test('sends raw text alone, unchanged and in its place', () => {
    const records = packRecords([event('a', 1), { key: 'a', text: '{"broken', raw: true }, event('a', 2)], oneShard);
    expect(records.map(({ data }) => Buffer.from(data).toString())).toEqual([
      expect.stringMatching(/^\[/),
      '{"broken',
      expect.stringMatching(/^\[/),
    ]);
  });

  test('counts the members of a raw batch as events, and anything unreadable as one', () => {
    const raw = (text: string): Outgoing => ({ key: 'k', text, raw: true });
    const records = packRecords([raw('[{},{}]'), raw('[]'), raw('[{'), raw('nonsense')], oneShard);
    expect(records.map(({ events }) => events)).toEqual([2, 1, 1, 1]);
  });
});

describe('grouping records into requests', () => {
  const record = (bytes: number): PackedRecord => ({ partitionKey: 'k', data: new Uint8Array(bytes), events: 1 });

  test('puts at most 500 records into one', () => {
    const sizes = batchRecords(Array.from({ length: 1201 }, () => record(10))).map((batch) => batch.length);
    expect(sizes).toEqual([500, 500, 201]);
  });

  test('puts at most 5 MiB into one', () => {
    const batches = batchRecords(Array.from({ length: 12 }, () => record(1_000_000)));
    expect(batches.map((batch) => batch.length)).toEqual([5, 5, 2]);
  });
});
