import type { MetricSink } from '../../../lambdas/shared/ports.ts';
import { stageTables } from '../../../lambdas/shared/stage-tables.ts';
import { holdTeller } from '../../../lambdas/shared/tell-holds.ts';
import type { HeldBatch } from '../../../lib/landing/held-batch.ts';
import { data, event, land, line, ORDERS, QUARANTINE, recordOf } from '../../lib/landing/orders.ts';
import { MemoryQueue, MemoryStaging } from '../fakes/memory-stores.ts';

const description = 'buyer@example.com';
const suspect = { ...event, data: { ...data, lines: [line, { ...line, line_no: 2, description }] } };
const records = [recordOf(suspect, '1')];

class Metrics implements MetricSink {
  readonly held: number[] = [];
  add(_name: string, _unit: string, value: number): void {
    this.held.push(value);
  }
}

/** An owner who learns of batches, as long as the bus is up. */
class Owner {
  readonly told: HeldBatch[] = [];
  isDown = false;
  async batchHeld(held: HeldBatch): Promise<void> {
    if (this.isDown) throw new Error('the bus is down');
    this.told.push(held);
  }
}

function world() {
  const [store, queue, metrics, owner] = [new MemoryStaging(), new MemoryQueue(), new Metrics(), new Owner()];
  const tellHold = holdTeller(metrics, owner);
  const stage = () =>
    stageTables(land(records), { encode: () => new Uint8Array(), store, queue, ordered: true, tellHold });
  return { store, queue, metrics, owner, stage };
}

test('the owner of a table is told of a batch that is held', async () => {
  const { queue, metrics, owner, stage } = world();
  expect(await stage()).toEqual([]);
  expect(owner.told).toMatchObject([{ table: ORDERS, owner: 'data-owner@example.com', events: 1 }]);
  expect(metrics.held).toEqual([1]);
  expect(queue.batches).toMatchObject([{ table: QUARANTINE, rows: 1 }]);
});

test('nobody is told before the batch is held', async () => {
  const { queue, metrics, owner, stage } = world();
  queue.isDown = true;
  expect(await stage()).toMatchObject([{ table: QUARANTINE, lowestSequence: '1' }]);
  expect([owner.told, metrics.held]).toEqual([[], []]);
  queue.isDown = false;
  expect(await stage()).toEqual([]);
  expect(owner.told).toHaveLength(1);
});

test('a bus that fails neither loses the batch nor has it taken again, and the alarm tells of it', async () => {
  const { store, queue, metrics, owner, stage } = world();
  owner.isDown = true;
  expect(await stage()).toEqual([]);
  expect([store.files.size, queue.batches.length, metrics.held]).toEqual([1, 1, [1]]);
});

test('a batch that is taken again is held once, and told again under the same name', async () => {
  const { store, queue, owner, stage } = world();
  await stage();
  await stage();
  expect([store.files.size, queue.batches.length]).toEqual([1, 1]);
  expect(owner.told).toHaveLength(2);
  expect(owner.told[1]).toEqual(owner.told[0]);
});
