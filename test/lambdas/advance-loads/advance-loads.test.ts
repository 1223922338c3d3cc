import { type Advanced, advanceLoads } from '../../../lambdas/advance-loads/advance-loads.ts';
import type { LandedFile } from '../../../lambdas/shared/file-ports.ts';
import { shardOf } from '../../../lambdas/shared/file-shard.ts';
import type { JobState, Load } from '../../../lambdas/shared/load-ports.ts';
import { ARRIVED, MemoryFileLedger, MemoryLandedFiles, MemoryLoadLedger } from '../fakes/memory-files.ts';
import { MemoryDocuments, MemoryQueue } from '../fakes/memory-stores.ts';

const [STOCK, QUARANTINE, UNKNOWN] = ['commerce.bronze.stock_counts', 'commerce.ops.quarantine', 'commerce.unknown'];
const HOUR = new Date(Number(ARRIVED / 1000n)).toISOString().slice(0, 13);
const NOW = new Date('2026-02-02T12:00:00.000Z');

/** Jobs by shard and attempt, which end as they are told to. */
class MemoryJobs {
  readonly started: string[] = [];
  readonly states = new Map<string, JobState>();
  isDown = false;

  async start({ shard, attempt }: Load): Promise<string> {
    if (this.isDown) throw new Error('EMR Serverless is down');
    const id = `${shard}-${attempt}`;
    if (!this.states.has(id)) this.started.push(id);
    this.states.set(id, this.states.get(id) ?? 'running');
    return id;
  }

  async stateOf(id: string): Promise<JobState> {
    return this.states.get(id) ?? 'failed';
  }

  logOf(id: string): string {
    return `s3://ops/logs/${id}/`;
  }
}

/** All that the function needs, in memory. */
class LoadDesk {
  readonly files = new MemoryLandedFiles();
  readonly ledger = new MemoryFileLedger('commerce');
  readonly loads = new MemoryLoadLedger(this.ledger);
  readonly jobs = new MemoryJobs();
  readonly documents = new MemoryDocuments();
  readonly queue = new MemoryQueue();
  readonly metrics = new Map<string, number>();

  /** A file as land-file leaves it: announced, planned and open. */
  async plan(name: string): Promise<{ file: LandedFile; shard: string }> {
    const file = this.files.put(`landing/commerce/stock_counts/${name}.csv`, name);
    const shard = shardOf(file);
    await this.ledger.announce(shard, file, NOW.toISOString());
    const results = `s3://landing/loads/commerce/results/${shard}.json`;
    const plan = { shard, arrivedMicros: Number(ARRIVED), results };
    await this.documents.write(`s3://landing/loads/commerce/plans/${shard}.json`, plan);
    return { file, shard };
  }

  /** What the job would leave: three rows of four. */
  async succeed(shard: string, more: object = {}): Promise<void> {
    const staged = (table: string, rows: number) => ({
      table,
      staged: `s3://landing/staged/${table}/${shard}/part-0.parquet`,
      rows,
      contractVersion: '1.0.0',
    });
    await this.documents.write(`s3://landing/loads/commerce/results/${shard}.json`, {
      version: 1,
      shard,
      rows: 4,
      landed: 3,
      refused: 1,
      produced: [
        { table: STOCK, events: 3 },
        { table: UNKNOWN, events: 1 },
      ],
      staged: [staged(STOCK, 3), staged(QUARANTINE, 1)],
      reason: null,
      ...more,
    });
    for (const id of this.jobs.started.filter((started) => started.startsWith(shard)))
      this.jobs.states.set(id, 'succeeded');
  }

  advance(requested: string | null = null, now = NOW): Promise<Advanced> {
    const { files, ledger, loads, jobs, documents, queue } = this;
    const places = { domain: 'commerce', landingBucket: 'landing', atOnce: 1 };
    const metrics = { add: (name: string, _unit: string, value: number) => this.metrics.set(name, value) };
    return advanceLoads({ ...places, files, ledger, loads, jobs, documents, queue, metrics }, requested, now);
  }
}

test('a planned file is loaded by one job, however often its plan is told of', async () => {
  const desk = new LoadDesk();
  const { shard } = await desk.plan('big');
  expect(await desk.advance(shard)).toEqual({ finished: 0, failed: 0, started: 1, running: 0, waiting: 0 });
  expect(await desk.advance(shard)).toEqual({ finished: 0, failed: 0, started: 0, running: 1, waiting: 0 });
  expect(desk.jobs.started).toEqual([`${shard}-1`]);
  expect(await desk.ledger.find(shard)).toMatchObject({ state: 'loading' });
});

test('what its job staged is handed over without order, and the file has landed and is in the accounts', async () => {
  const desk = new LoadDesk();
  const { shard } = await desk.plan('big');
  await desk.advance(shard);
  await desk.succeed(shard);
  expect(await desk.advance()).toMatchObject({ finished: 1 });
  expect(
    desk.queue.batches.map(({ table, rows, events, ordered, positions }) => [table, rows, events, ordered, positions]),
  ).toEqual([
    [STOCK, 3, 3, false, []],
    [QUARANTINE, 1, 1, false, []],
  ]);
  expect(await desk.ledger.find(shard)).toMatchObject({ state: 'landed', rows: 4, landed: 3, refused: 1 });
  expect(Object.fromEntries(desk.ledger.produced)).toEqual({ [`${STOCK} ${HOUR}`]: 3, [`${UNKNOWN} ${HOUR}`]: 1 });
  expect((await desk.ledger.counts()).get('stock_counts')).toEqual({ announced: 1, ended: 1, events: 4 });
  expect(await desk.loads.active()).toEqual([]);
});

test('a file that could not be read as a whole is refused with the reason', async () => {
  const desk = new LoadDesk();
  const { shard } = await desk.plan('renamed');
  await desk.advance(shard);
  const reason = 'the header has no column Product';
  await desk.succeed(shard, { rows: 0, landed: 0, refused: 1, produced: [{ table: STOCK, events: 1 }], reason });
  await desk.advance();
  expect(await desk.ledger.find(shard)).toMatchObject({ state: 'refused', reason, refused: 1 });
});

test('who dies between the hand-over and the record does it again, and nothing counts twice', async () => {
  const desk = new LoadDesk();
  const { shard } = await desk.plan('big');
  await desk.advance(shard);
  await desk.succeed(shard);
  const { endPart } = desk.ledger;
  desk.ledger.endPart = () => Promise.reject(new Error('killed'));
  await expect(desk.advance()).rejects.toThrow('killed');
  desk.ledger.endPart = endPart;
  await desk.advance();
  await desk.advance();
  expect(desk.queue.batches).toHaveLength(2);
  expect(desk.ledger.produced.get(`${STOCK} ${HOUR}`)).toBe(3);
});

test('loads wait for their turn, and the end of one starts the next, whoever tells of it', async () => {
  const desk = new LoadDesk();
  const [first, second] = [await desk.plan('first'), await desk.plan('second')];
  await desk.advance(first.shard);
  expect(await desk.advance(second.shard)).toMatchObject({ running: 1, waiting: 1 });
  await desk.succeed(first.shard);
  expect(await desk.advance()).toMatchObject({ finished: 1, started: 1, waiting: 0 });
  expect(desk.jobs.started).toEqual([`${first.shard}-1`, `${second.shard}-1`]);
});

test('a job that fails is tried once more; then the file waits for a person, with the place of the log', async () => {
  const desk = new LoadDesk();
  const { shard } = await desk.plan('big');
  await desk.advance(shard);
  desk.jobs.states.set(`${shard}-1`, 'failed');
  expect(await desk.advance()).toMatchObject({ started: 1, failed: 0 });
  desk.jobs.states.set(`${shard}-2`, 'failed');
  expect(await desk.advance()).toMatchObject({ started: 0, failed: 1 });
  expect(await desk.ledger.find(shard)).toMatchObject({
    state: 'failed',
    reason: expect.stringContaining(`s3://ops/logs/${shard}-2/`),
  });
  expect((await desk.ledger.held('failed')).map((held) => held.shard)).toEqual([shard]);
});

test('a file that was replaced while it was loaded is gone, and nobody has to look after it', async () => {
  const desk = new LoadDesk();
  const { file, shard } = await desk.plan('big');
  await desk.advance(shard);
  desk.files.put(file.key, 'other content');
  for (const attempt of [1, 2]) {
    desk.jobs.states.set(`${shard}-${attempt}`, 'failed');
    await desk.advance();
  }
  expect(await desk.ledger.find(shard)).toMatchObject({ state: 'gone' });
});

test('results of another file are not announced as its own, and do not hold up other loads', async () => {
  const desk = new LoadDesk();
  const [wrong, next] = [await desk.plan('wrong'), await desk.plan('next')];
  await desk.advance(wrong.shard);
  await desk.succeed(wrong.shard, { shard: 'file-of-another' });
  await expect(desk.advance(next.shard)).rejects.toThrow(/1 of 2 loads: .*not of/);
  expect(desk.queue.batches).toEqual([]);
  expect(desk.jobs.started).toContain(`${next.shard}-1`);
});

test('how long the oldest load has lasted is told as long as there is one', async () => {
  const desk = new LoadDesk();
  await desk.advance();
  expect(desk.metrics.size).toBe(0);
  const { shard } = await desk.plan('big');
  await desk.advance(shard);
  await desk.advance((await desk.plan('other')).shard, new Date(NOW.getTime() + 90_000));
  expect(desk.metrics.get('LoadAge')).toBe(90);
});

test('a job that could not be started now is started by the next call', async () => {
  const desk = new LoadDesk();
  const { shard } = await desk.plan('big');
  desk.jobs.isDown = true;
  await expect(desk.advance(shard)).rejects.toThrow('EMR Serverless is down');
  desk.jobs.isDown = false;
  expect(await desk.advance()).toMatchObject({ started: 1 });
});
