import { createHash } from 'node:crypto';
import type { BatchQueue } from '../../lambdas/shared/ports.ts';
import type { StreamRecord } from '../../lib/landing/landing.ts';
import { sequenceText } from '../../lib/landing/place.ts';
import type { Row } from '../../lib/landing/row.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import { entryKey, isQuarantine, placeKey } from './commit-model.ts';
import { DeltaLog } from './delta-log.ts';
import { QUARANTINE, type SimEvent, TABLES } from './events.ts';
import { FifoQueue } from './fifo-queue.ts';
import { Files } from './files.ts';
import { HandOverBook } from './hand-overs.ts';
import { type Ended, type Fault, Invocation, Outage } from './invocation.ts';
import { Stream } from './kinesis.ts';
import type { Rules } from './rules.ts';
import { Silver } from './silver-model.ts';

/** A history broke a promise. */
export class Violation extends Error {}

/** Where an event was put by its producer: in a record of a shard, or in a line of a file. */
export interface Delivered {
  readonly shard: string;
  readonly sequence: string;
  readonly index: number;
  readonly arrivedAt: bigint;
  /** None for a record that no one can read. */
  readonly event: SimEvent | null;
}

interface Invoked<T> {
  /** Null when the function failed or never answered. */
  readonly returned: { readonly value: T } | null;
  readonly isFaulty: boolean;
}

/** As the stacks set it. */
const VISIBILITY_SECONDS = 360;
const MAX_RECEIVES = 10;

/** The simulated cloud of one history, and the books that say what must come out of it. */
export class World {
  now = 1_767_225_600;
  readonly stream: Stream;
  readonly queue = new FifoQueue<StagedBatch>(VISIBILITY_SECONDS, MAX_RECEIVES);
  readonly objects = new Map<string, readonly Row[]>();
  /** Staged files that cannot be committed until someone repairs what is wrong with them. */
  readonly unreadable = new Set<string>();
  readonly handOvers = new HandOverBook();
  readonly logs: ReadonlyMap<string, DeltaLog> = new Map([
    ...TABLES.map((table) => [table, new DeltaLog(placeKey)] as const),
    [QUARANTINE, new DeltaLog(entryKey)],
  ]);
  /** The newest version that the ledger knows of a table. */
  readonly recorded = new Map<string, number>();
  readonly files: Files = new Files();
  readonly onFailure: (readonly StreamRecord[])[] = [];
  readonly silver: Silver;
  /** Invocations that stand still. */
  readonly frozen: Invocation[] = [];
  contracts: 'before' | 'after' = 'before';
  /** Whether what kills functions has been repaired. */
  isRepaired = false;
  clock = 0;

  readonly produced: SimEvent[] = [];
  /** Every place that a producer was told is taken, by key. */
  readonly delivered = new Map<string, Delivered>();
  readonly placesOf = new Map<StreamRecord, readonly string[]>();
  readonly deadly = new Set<StreamRecord>();
  /** Places whose rows a staged object holds that the queue was told of. */
  readonly announced = new Set<string>();
  private readonly bodies = new Map<string, string>();

  constructor(readonly rules: Rules) {
    this.silver = new Silver(rules);
    this.stream = new Stream(2, rules.startsAt);
  }

  /** Calls a function. One that stands still may go on later; any error but an outage is a bug. */
  async invoke<T>(fault: Fault | null, body: (invocation: Invocation) => Promise<T>): Promise<Invoked<T>> {
    const invocation = new Invocation(fault);
    const ended = await invocation.run(body);
    if (invocation.isFrozen) this.frozen.push(invocation);
    mustBeNoBug(ended);
    return { returned: ended.type === 'Returned' ? { value: ended.value } : null, isFaulty: invocation.isFaulty };
  }

  /** Lets the invocation go on that has stood still for longest. */
  async thaw(): Promise<void> {
    const ended = await this.frozen.shift()?.thaw();
    if (ended) mustBeNoBug(ended);
  }

  /** Puts a record; `events` of null is text that is no JSON. */
  put(partition: number, events: readonly SimEvent[] | null): void {
    const text =
      events === null ? '{"' : events.length === 1 ? events[0]!.text : `[${events.map((each) => each.text)}]`;
    const record = this.stream.put(partition, Buffer.from(text).toString('base64'), this.now);
    const { shard, sequence, arrivedAt } = record;
    const places = (events ?? [null]).map((event, index) => this.deliver({ shard, sequence, index, arrivedAt, event }));
    this.placesOf.set(record, places);
    if (events?.some(({ kind }) => kind === 'Fatal')) this.deadly.add(record);
  }

  /** Notes that a place is taken. @returns its key. */
  deliver(delivered: Delivered): string {
    const key = `${delivered.shard}|${sequenceText(delivered)}`;
    this.delivered.set(key, delivered);
    return key;
  }

  /** Keeps a staged object. The same name must never mean something else. */
  store(name: string, rows: readonly Row[]): string {
    const uri = `s3://landing/${name}`;
    const before = this.objects.get(uri);
    if (before && !haveSameKeys(before, rows)) throw new Violation(`${uri} was overwritten with other rows`);
    this.objects.set(uri, rows);
    return uri;
  }

  queueOf(invocation: Invocation): BatchQueue {
    return {
      send: async (batches) => {
        for (const batch of batches) await invocation.effect(() => this.send(batch));
      },
    };
  }

  readonly isoNow = (): string => new Date(this.now * 1000).toISOString();

  private send(batch: StagedBatch): void {
    const body = JSON.stringify(batch);
    const id = createHash('sha256').update(this.rules.deduplicationId(batch)).digest('hex');
    const known = this.bodies.get(id);
    if (known !== undefined && known !== body) throw new Violation('the queue takes two messages for one');
    this.bodies.set(id, body);
    const rows = this.objects.get(batch.staged);
    if (!rows) throw new Violation(`${batch.staged} was announced before it was stored`);
    for (const row of rows) this.announced.add(placeKey(row));
    this.queue.send(batch.table, batch, id, this.now);
  }

  /** Whether a row of this place can no longer be lost. */
  isDurable(place: string): boolean {
    return this.announced.has(place);
  }

  /** What a table must hold before the message of a batch may go. */
  isCommitted({ table, staged }: StagedBatch): boolean {
    const log = this.logs.get(table)!;
    const keyOf = isQuarantine(table) ? entryKey : placeKey;
    return (this.objects.get(staged) ?? []).every((row) => log.has(keyOf(row)));
  }
}

function mustBeNoBug(ended: Ended<unknown>): void {
  if (ended.type === 'Threw' && !(ended.error instanceof Outage)) throw ended.error;
}

function haveSameKeys(some: readonly Row[], others: readonly Row[]): boolean {
  return some.length === others.length && some.every((row, i) => entryOrPlace(row) === entryOrPlace(others[i]!));
}

const entryOrPlace = (row: Row): string => (row.quarantine_id ? entryKey(row) : placeKey(row));
