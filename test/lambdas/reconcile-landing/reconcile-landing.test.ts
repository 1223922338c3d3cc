import fc from 'fast-check';
import { decideAnnouncements } from '../../../lambdas/reconcile-landing/decide-announcements.ts';
import { reconcileLanding } from '../../../lambdas/reconcile-landing/reconcile-landing.ts';
import { RecordedQueue } from '../../../lambdas/shared/recorded-queue.ts';
import type { HandOver } from '../../../lib/landing/hand-over.ts';
import type { StagedBatch } from '../../../lib/landing/staged-batch.ts';
import { MemoryHandOvers, MemoryQueue } from '../fakes/memory-stores.ts';

const MINUTE = 60_000;
const GRACE = 15;
const at = (minute: number): Date => new Date(Date.UTC(2011, 0, 4) + minute * MINUTE);

const batchOf = (name: string): StagedBatch => ({
  version: 1,
  table: 'commerce.bronze.orders',
  staged: `s3://landing/${name}.parquet`,
  rows: 1,
  events: 1,
  contractVersion: '1.0.0',
  ordered: true,
  positions: [{ shard: 'shardId-000000000000', from: '1', to: '1' }],
});

const handOver = (name: string, announcedAt: number, announcements = 0, handedOverAt = announcedAt): HandOver => ({
  batch: batchOf(name),
  handedOverAt: at(handedOverAt).toISOString(),
  announcedAt: at(announcedAt).toISOString(),
  announcements,
});

const decide = (waiting: readonly HandOver[], minute: number, queued = 0) => {
  const { due, stranded } = decideAnnouncements({ waiting, queued, now: at(minute), graceMinutes: GRACE });
  return { due: due.map(({ batch }) => batch.staged.slice(13, -8)), stranded };
};

class Landing {
  readonly handOvers = new MemoryHandOvers();
  readonly queue = new MemoryQueue();
  readonly metrics = new Map<string, number>();
  private readonly sender = new RecordedQueue(this.handOvers, this.queue);

  async hand(name: string, minute: number): Promise<void> {
    this.handOvers.now = at(minute);
    await this.sender.send([batchOf(name)]);
  }

  /** As `commit-batches` does: it takes every message, and ends the hand-over. */
  commit(): string[] {
    const taken = this.queue.batches.splice(0);
    for (const { staged } of taken) this.handOvers.items.delete(staged);
    return taken.map(({ staged }) => staged);
  }

  reconcile(minute: number) {
    const metrics = { add: (name: string, _unit: string, value: number) => this.metrics.set(name, value) };
    return reconcileLanding({ domain: 'commerce', graceMinutes: GRACE, ...this, metrics }, at(minute));
  }
}

test('a batch is left alone for the grace period, and announced after it', () => {
  expect(decide([handOver('a', 0)], 14)).toEqual({ due: [], stranded: 0 });
  expect(decide([handOver('a', 0)], 15)).toEqual({ due: ['a'], stranded: 0 });
});

test('while each waiting batch may still have its own message, the queue is not made longer', () => {
  const waiting = [handOver('a', 0), handOver('b', 1), handOver('c', 2)];
  expect(decide(waiting, 60, 3).due).toEqual([]);
  expect(decide(waiting, 60, 2).due).toEqual(['a']);
  expect(decide(waiting, 60, 0).due).toEqual(['a', 'b', 'c']);
});

test('what nobody heard of for a day is announced whatever the queue holds', () => {
  expect(decide([handOver('a', 0, 5), handOver('b', 60, 5)], 24 * 60, 100).due).toEqual(['a']);
});

test('pauses double, up to a day', () => {
  expect(decide([handOver('a', 0, 1)], 29).due).toEqual([]);
  expect(decide([handOver('a', 0, 1)], 30).due).toEqual(['a']);
  expect(decide([handOver('a', 0, 30)], 24 * 60 - 1).due).toEqual([]);
  expect(decide([handOver('a', 0, 30)], 24 * 60).due).toEqual(['a']);
});

test('a batch is stranded when announcing it again did not help', () => {
  expect(decide([handOver('a', 0, 1)], 14).stranded).toBe(0);
  expect(decide([handOver('a', 0, 1)], 15).stranded).toBe(1);
});

test('a batch whose file is about to go is no longer announced, and stays stranded', () => {
  const days = (count: number) => count * 24 * 60;
  expect(decide([handOver('a', days(11), 14, 0)], days(13))).toEqual({ due: ['a'], stranded: 1 });
  expect(decide([handOver('a', days(12), 15, 0)], days(13) + 1)).toEqual({ due: [], stranded: 1 });
});

test('a message that got lost is sent again, out of order and as another message, until it is committed', async () => {
  const landing = new Landing();
  await landing.hand('a', 0);
  landing.queue.batches.splice(0);
  expect(await landing.reconcile(15)).toEqual({ waiting: 1, announced: 1, stranded: 0 });
  expect(landing.queue.batches).toEqual([{ ...batchOf('a'), ordered: false, announcement: 1 }]);
  expect(Object.fromEntries(landing.metrics)).toEqual({ BatchesAnnounced: 1, BatchesStranded: 0 });
  landing.commit();
  expect(await landing.reconcile(60)).toEqual({ waiting: 0, announced: 0, stranded: 0 });
});

test('a batch that is committed while it is being announced does not come back to life', async () => {
  const landing = new Landing();
  await landing.hand('a', 0);
  landing.queue.batches.splice(0);
  const { waiting } = landing.handOvers;
  landing.handOvers.waiting = async () => {
    const found = await waiting.call(landing.handOvers);
    landing.handOvers.items.clear();
    return found;
  };
  expect(await landing.reconcile(15)).toMatchObject({ announced: 0 });
  expect(landing.handOvers.items.size).toBe(0);
  expect(landing.queue.batches).toEqual([]);
});

test('a batch is remembered before its message is sent, so a queue that is down forgets none', async () => {
  const landing = new Landing();
  landing.queue.isDown = true;
  await expect(landing.hand('a', 0)).rejects.toThrow('SQS is down');
  expect([...landing.handOvers.items.keys()]).toEqual([batchOf('a').staged]);
});

/** What may happen to landing in a minute. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.constant('hand' as const) },
  { weight: 4, arbitrary: fc.constant('commit' as const) },
  { weight: 2, arbitrary: fc.constant('lose a message' as const) },
  { weight: 2, arbitrary: fc.constant('reconcile' as const) },
);

test('whatever gets lost, all is committed once it is quiet, and then nothing is announced any more', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(40)), { maxLength: 60 }), async (history) => {
      const landing = new Landing();
      let minute = 0;
      for (const [what, pause] of history) {
        minute += pause;
        if (what === 'hand') await landing.hand(`batch-${minute}-${landing.handOvers.items.size}`, minute);
        if (what === 'commit') landing.commit();
        if (what === 'lose a message') landing.queue.batches.shift();
        if (what === 'reconcile') await landing.reconcile(minute);
      }
      for (let tick = 0; tick < 100; tick++) {
        landing.commit();
        minute += GRACE;
        await landing.reconcile(minute);
      }
      expect(landing.handOvers.items.size).toBe(0);
      expect(landing.queue.batches).toEqual([]);
    }),
  );
});

test('a batch that fails every time is announced a few times a day at most, and never for ever', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 60 }), async (everyMinutes) => {
      const landing = new Landing();
      await landing.hand('poison', 0);
      let sent = 0;
      for (let minute = 0; minute < 20 * 24 * 60; minute += everyMinutes) {
        landing.queue.batches.splice(0);
        sent += (await landing.reconcile(minute)).announced;
      }
      expect(sent).toBeGreaterThan(13);
      expect(sent).toBeLessThan(22);
      expect(landing.metrics.get('BatchesStranded')).toBe(1);
    }),
    { numRuns: 10 },
  );
});
