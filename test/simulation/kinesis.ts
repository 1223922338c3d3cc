import type { StreamRecord } from '../../lib/landing/landing.ts';

/** How Lambda reads a shard: what of it is done, and what is being tried again. */
interface Reader {
  /** Records from here on have not been given to the function; below 0 when none was asked for yet. */
  next: number;
  /** Batches that failed, the next one last. */
  readonly retries: Batch[];
}

export interface Batch {
  readonly records: readonly StreamRecord[];
  /** How often it was tried. */
  readonly attempts: number;
}

export interface Shard {
  readonly id: string;
  readonly parents: readonly Shard[];
  readonly records: StreamRecord[];
  readonly reader: Reader;
  isOpen: boolean;
}

/** What the function answered: which records failed, or that it failed as a whole. */
export type Answer = { readonly failed: readonly string[] } | 'FunctionFailed';

/** What the mapping is done with after an answer. */
export interface Progress {
  readonly passed: readonly StreamRecord[];
  /** Given up: it belongs to the on-failure destination now. */
  readonly parked: readonly StreamRecord[];
}

export interface Mapping {
  readonly retries: number;
  readonly maxAgeSeconds: number;
}

/**
 * A Kinesis stream and the event source mapping that reads it: order by shard, at least once, parents before their
 * children, bisection on failure, finite retries in number and age.
 */
export class Stream {
  readonly shards: Shard[] = [];
  private sequence = 90n;

  constructor(
    shards: number,
    private readonly startsAt: 'TRIM_HORIZON' | 'LATEST',
  ) {
    for (let i = 0; i < shards; i++) this.open([]);
  }

  get openShards(): Shard[] {
    return this.shards.filter(({ isOpen }) => isOpen);
  }

  /** Numbers grow, are not dense, and grow longer: as text, 100 would come before 99. */
  put(key: number, data: string, at: number): StreamRecord {
    const shards = this.openShards;
    const shard = shards[key % shards.length]!;
    this.sequence += 1n + BigInt(key % 3);
    const record = { shard: shard.id, sequence: String(this.sequence), data, arrivedAt: BigInt(at) * 1_000_000n };
    shard.records.push(record);
    return record;
  }

  split(which: number): void {
    const parent = this.openShards[which % this.openShards.length]!;
    parent.isOpen = false;
    this.open([parent]);
    this.open([parent]);
  }

  merge(which: number): void {
    const open = this.openShards;
    if (open.length < 2) return;
    const parents = [open[which % open.length]!, open[(which + 1) % open.length]!];
    for (const parent of parents) parent.isOpen = false;
    this.open(parents);
  }

  /** Shards that have something to be read now. */
  readable(): Shard[] {
    return this.shards.filter((shard) => !isRead(shard) && shard.parents.every(isRead));
  }

  /** The next batch of a shard. What failed before comes first, as it was cut. */
  take({ reader, records }: Shard, size: number): Batch {
    const retry = reader.retries.pop();
    if (retry) return retry;
    if (reader.next < 0) reader.next = this.startsAt === 'LATEST' ? records.length : 0;
    const taken = records.slice(reader.next, reader.next + size);
    reader.next += taken.length;
    return { records: taken, attempts: 0 };
  }

  answer(shard: Shard, batch: Batch, answer: Answer, mapping: Mapping, now: number): Progress {
    if (answer === 'FunctionFailed') return retry(shard, batch, mapping, now);
    const [first] = batch.records.map(({ sequence }) => sequence).filter((each) => answer.failed.includes(each));
    if (first === undefined && answer.failed.length === 0) return { passed: batch.records, parked: [] };
    const cut = batch.records.findIndex(({ sequence }) => sequence === first);
    if (cut < 0) return retry(shard, batch, mapping, now);
    const { parked } = cut === 0 ? retry(shard, batch, mapping, now) : retryFrom(shard, batch, cut, mapping, now);
    return { passed: batch.records.slice(0, cut), parked };
  }

  /** The mapping forgot how far it was: records come again, cut in another way. */
  rewind({ reader }: Shard, count: number): void {
    if (reader.retries.length === 0 && reader.next > 0) reader.next = Math.max(0, reader.next - count);
  }

  private open(parents: readonly Shard[]): void {
    const id = `shardId-${String(this.shards.length).padStart(12, '0')}`;
    this.shards.push({ id, parents, records: [], reader: { next: -1, retries: [] }, isOpen: true });
  }
}

export const isRead = ({ reader, records }: Shard): boolean =>
  Math.max(0, reader.next) >= records.length && reader.retries.length === 0;

/** A failed batch is halved until one record is left, and only that one uses up retries. */
function retry(shard: Shard, { records, attempts }: Batch, mapping: Mapping, now: number): Progress {
  const oldest = records[0]!;
  const isTooOld = BigInt(now - mapping.maxAgeSeconds) * 1_000_000n > oldest.arrivedAt;
  if (isTooOld || (records.length === 1 && attempts >= mapping.retries)) return { passed: [], parked: records };
  const half = records.length >> 1;
  if (half > 0) shard.reader.retries.push({ records: records.slice(half), attempts: 0 });
  shard.reader.retries.push(
    half > 0 ? { records: records.slice(0, half), attempts: 0 } : { records, attempts: attempts + 1 },
  );
  return { passed: [], parked: [] };
}

/** The rest is retried as one batch, counted as a retry of it. */
function retryFrom(shard: Shard, { records, attempts }: Batch, cut: number, mapping: Mapping, now: number): Progress {
  const rest = { records: records.slice(cut), attempts: attempts + 1 };
  if (attempts >= mapping.retries) return retry(shard, { ...rest, attempts }, mapping, now);
  shard.reader.retries.push(rest);
  return { passed: [], parked: [] };
}
