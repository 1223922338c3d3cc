import { createHash } from 'node:crypto';
import { OperationError } from '../shared/errors.ts';
import { count } from '../shared/format.ts';

/** What one Kinesis record may hold, its partition key included. */
const RECORD_LIMIT_BYTES = 1024 * 1024;
/** Big enough to make a stream cheap, small enough that one bad record does not take much with it. */
const TARGET_BYTES = 200_000;

/** One thing to send. `text` is an event as JSON, or bytes that go out as they are. */
export interface Outgoing {
  readonly key: string;
  readonly text: string;
  /** Sent alone and unchanged: what it holds may not even be JSON. */
  readonly raw?: boolean;
}

/** A record, and how many events it stands for. */
export interface PackedRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly events: number;
}

/** Names the shard of a partition key. */
export type ShardOf = (key: string) => string;

/** A shard's share of the MD5 space, both ends inclusive. */
export interface ShardRange {
  readonly shard: string;
  readonly from: bigint;
  readonly to: bigint;
}

/** Kinesis places a record by the MD5 hash of its partition key. */
export function shardBy(ranges: readonly ShardRange[]): ShardOf {
  return (key) => {
    const hash = BigInt(`0x${createHash('md5').update(key).digest('hex')}`);
    return ranges.find(({ from, to }) => from <= hash && hash <= to)?.shard ?? '';
  };
}

/** How a record holds its events; a Kinesis record holds a JSON array. */
export interface Packing {
  readonly join?: (texts: readonly string[]) => string;
  readonly limitBytes?: number;
  readonly targetBytes?: number;
}

const asArray = (texts: readonly string[]): string => `[${texts.join(',')}]`;

/**
 * Packs events into records, in order. Only events of one shard share a record, so that each event lands where its own
 * key would have put it: that keeps the order of a key whatever it is packed with.
 */
export function packRecords(
  events: readonly Outgoing[],
  shardOf: ShardOf,
  { join = asArray, limitBytes = RECORD_LIMIT_BYTES, targetBytes = TARGET_BYTES }: Packing = {},
): PackedRecord[] {
  const records: PackedRecord[] = [];
  const open = new Map<string, Batch>();
  const close = (batch: Batch): PackedRecord => closed(batch, join);
  for (const event of events) {
    const size = sizeOf(event, limitBytes);
    const shard = shardOf(event.key);
    const batch = open.get(shard);
    if (batch && (event.raw || batch.bytes + size > targetBytes)) {
      records.push(close(batch));
      open.delete(shard);
    }
    if (event.raw)
      records.push({ partitionKey: event.key, data: Buffer.from(event.text), events: eventsIn(event.text) });
    else open.set(shard, add(open.get(shard), event, size));
  }
  return [...records, ...[...open.values()].map(close)];
}

interface Batch {
  readonly key: string;
  readonly texts: string[];
  bytes: number;
}

function add(batch: Batch | undefined, event: Outgoing, size: number): Batch {
  if (!batch) return { key: event.key, texts: [event.text], bytes: size };
  batch.texts.push(event.text);
  batch.bytes += size;
  return batch;
}

const closed = ({ key, texts }: Batch, join: (texts: readonly string[]) => string): PackedRecord => ({
  partitionKey: key,
  data: Buffer.from(join(texts)),
  events: texts.length,
});

/** Bytes of the event inside a record: with its comma, the brackets and the key counted once too often at most. */
function sizeOf({ key, text }: Outgoing, limitBytes: number): number {
  const size = Buffer.byteLength(text) + 2;
  if (size + Buffer.byteLength(key) <= limitBytes) return size;
  throw new OperationError(
    `event '${key}' has ${count(size)} bytes; a record holds at most ${count(limitBytes)}: split it`,
  );
}

/** How many events the platform will account for: a JSON array stands for its members, anything else for one. */
function eventsIn(text: string): number {
  if (!text.trimStart().startsWith('[')) return 1;
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? Math.max(parsed.length, 1) : 1;
  } catch {
    return 1;
  }
}

const REQUEST_RECORDS = 500;
const REQUEST_BYTES = 5 * 1024 * 1024;

/** Groups records into requests, within what one request may hold. */
export function batchRecords(records: readonly PackedRecord[], requestBytes = REQUEST_BYTES): PackedRecord[][] {
  const batches: PackedRecord[][] = [];
  let bytes = 0;
  for (const record of records) {
    const size = record.data.byteLength + Buffer.byteLength(record.partitionKey);
    const last = batches.at(-1);
    if (!last || last.length === REQUEST_RECORDS || bytes + size > requestBytes) {
      batches.push([record]);
      bytes = size;
    } else {
      last.push(record);
      bytes += size;
    }
  }
  return batches;
}
