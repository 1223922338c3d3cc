import { failedItems, stageTables } from '../../../lambdas/shared/stage-tables.ts';
import { event, land, ORDERS, QUARANTINE, recordOf, SHARD } from '../../lib/landing/orders.ts';
import { MemoryQueue, MemoryStaging } from '../fakes/memory-stores.ts';

const encode = () => new Uint8Array([1]);
const stage = async (records: Parameters<typeof land>[0], store = new MemoryStaging(), queue = new MemoryQueue()) => {
  const failures = await stageTables(land(records), { encode, store, queue, ordered: true });
  return { store, queue, failed: failedItems(failures) };
};
const records = [recordOf(event, '9'), recordOf('broken', '10'), recordOf([event, event], '11')];

test('each table becomes one file and one message that says what it holds', async () => {
  const { store, queue, failed } = await stage(records);
  const keys = [...store.files.keys()];
  expect(failed).toEqual([]);
  expect(queue.batches).toEqual([
    {
      version: 1,
      table: ORDERS,
      staged: `s3://landing/${keys[0]}`,
      rows: 3,
      events: 3,
      contractVersion: '1.0.0',
      ordered: true,
      positions: [{ shard: SHARD, from: '9', to: '11' }],
    },
    expect.objectContaining({ table: QUARANTINE, rows: 1, positions: [{ shard: SHARD, from: '10', to: '10' }] }),
  ]);
  expect(keys[0]).toMatch(/^staged\/commerce\/bronze\/orders\/[0-9a-f]{64}\.parquet$/);
});

test('a retry of the same records is the same file and the same message', async () => {
  const first = await stage(records);
  const again = await stage(records, first.store, first.queue);
  expect(again.store.files.size).toBe(2);
  expect(again.queue.batches).toHaveLength(2);
});

test('other records are another file', async () => {
  const { store, queue } = await stage(records);
  await stage(records.slice(0, 1), store, queue);
  expect(store.files.size).toBe(3);
});

test('when a table cannot be staged, the stream retries from its lowest record, and the other table goes on', async () => {
  const store = new MemoryStaging();
  store.broken = /quarantine/;
  const { queue, failed } = await stage(records, store);
  expect(failed).toEqual([{ itemIdentifier: '10' }]);
  expect(queue.batches.map(({ table }) => table)).toEqual([ORDERS]);
});

test('when nothing can be sent, all is retried: 9 is lower than 10', async () => {
  const queue = new MemoryQueue();
  queue.isDown = true;
  const { failed } = await stage(records, new MemoryStaging(), queue);
  expect(failed).toEqual([{ itemIdentifier: '9' }]);
});

test('a record that can never succeed is not retried', async () => {
  const { failed, queue } = await stage([recordOf('broken')]);
  expect(failed).toEqual([]);
  expect(queue.batches).toHaveLength(1);
});
