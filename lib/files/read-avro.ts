import { crc32, inflateRawSync, zstdDecompressSync } from 'node:zlib';
import { decompressSnappy } from 'hyparquet-compressors';
import { AvroCursor, type AvroReader, compileAvro } from './avro-values.ts';
import {
  type Found,
  type Part,
  type Position,
  type RandomAccess,
  type RowBlock,
  UnreadableFileError,
} from './file-rows.ts';

const MAGIC = Buffer.from([0x4f, 0x62, 0x6a, 0x01]);
const SYNC_BYTES = 16;
const MAX_HEADER_BYTES = 4 * 1024 * 1024;
/** A block is held, compressed and not. Writers make blocks of some kilobytes. */
const MAX_BLOCK_BYTES = 64 * 1024 * 1024;
/** A block's count and size, as long as they can be. */
const COUNTS_BYTES = 20;
const WINDOW_BYTES = 4 * 1024 * 1024;

interface Container {
  readonly read: AvroReader;
  readonly decompress: (bytes: Buffer) => Buffer;
  readonly sync: Buffer;
  readonly blocksFrom: number;
}

/** The rows of whole blocks; a row's number is its place in the file, from 1. */
export async function* readAvro(file: RandomAccess, { from, to }: Part): AsyncIterable<RowBlock> {
  const container = await openContainer(file);
  const window = new Window(file);
  for await (const { at, count, bytes, next } of blocksOf(window, container, from)) {
    if (at >= to) return;
    yield { rows: rowsOf(container, await bytes(), count, next.number - count), bytes: next.offset - at, next };
  }
}

/** Where an Avro file can be cut, no closer than every so many bytes. */
export async function planAvro(file: RandomAccess, partBytes: number): Promise<Part[]> {
  const container = await openContainer(file);
  const parts: Part[] = [];
  let from: Position = { offset: container.blocksFrom, number: 1 };
  for await (const { next } of blocksOf(new Window(file), container, from)) {
    if (next.offset - from.offset < partBytes && next.offset < file.size) continue;
    parts.push({ from, to: next.offset });
    from = next;
  }
  return parts;
}

async function openContainer(file: RandomAccess): Promise<Container> {
  const head = Buffer.from(await file.read(0, Math.min(file.size, MAX_HEADER_BYTES)));
  if (!head.subarray(0, MAGIC.length).equals(MAGIC)) throw new UnreadableFileError('the file is no Avro container');
  const cursor = new AvroCursor(head);
  cursor.take(MAGIC.length);
  const meta = metaOf(cursor);
  const sync = Buffer.from(cursor.take(SYNC_BYTES));
  return { read: compileAvro(schemaOf(meta)), decompress: codecOf(meta), sync, blocksFrom: cursor.at };
}

function metaOf(cursor: AvroCursor): ReadonlyMap<string, string> {
  const meta = new Map<string, string>();
  const text = () => cursor.take(cursor.int()).toString('utf8');
  for (let count = cursor.int(); count !== 0; count = cursor.int()) {
    if (count < 0) cursor.int();
    for (let entry = 0; entry < Math.abs(count); entry += 1) meta.set(text(), text());
  }
  return meta;
}

function schemaOf(meta: ReadonlyMap<string, string>): unknown {
  try {
    return JSON.parse(meta.get('avro.schema') ?? '');
  } catch (error) {
    throw new UnreadableFileError('the schema in the file is no JSON', { cause: error });
  }
}

interface Block {
  readonly at: number;
  readonly count: number;
  readonly bytes: () => Promise<Buffer>;
  readonly next: Position;
}

async function* blocksOf(window: Window, { sync, blocksFrom }: Container, from: Position): AsyncIterable<Block> {
  let { offset: at, number } = from.offset < blocksFrom ? { offset: blocksFrom, number: 1 } : from;
  while (at < window.size) {
    const counts = new AvroCursor(await window.read(at, Math.min(window.size, at + COUNTS_BYTES)));
    const count = counts.int();
    const size = counts.int();
    const start = at + counts.at;
    const end = start + size;
    if (count < 0 || size < 0 || size > MAX_BLOCK_BYTES)
      throw new UnreadableFileError(`a block of ${size} bytes, allowed: ${MAX_BLOCK_BYTES}`);
    if (end + SYNC_BYTES > window.size || !sync.equals(await window.read(end, end + SYNC_BYTES)))
      throw new UnreadableFileError('a block does not end where it says; the file breaks off or is damaged');
    const next = { offset: end + SYNC_BYTES, number: number + count };
    yield { at, count, bytes: () => window.read(start, end), next };
    at = next.offset;
    number = next.number;
  }
}

/** A row that cannot be read takes what follows it in its block along: nothing tells where the next one begins. */
function rowsOf({ read, decompress }: Container, bytes: Buffer, count: number, first: number): Found[] {
  const rows: Found[] = [];
  let isWhole = true;
  try {
    const cursor = new AvroCursor(decompress(bytes));
    for (let index = 0; index < count; index += 1) rows.push(rowOf(read, cursor, first + index));
    isWhole = cursor.isAtEnd;
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    rows.push({
      type: 'BadRow',
      number: first + rows.length,
      reason: `${error.message}; it and the rest of its block are lost`,
    });
  }
  if (!isWhole) throw new UnreadableFileError('a block holds more than its rows');
  return rows;
}

function rowOf(read: AvroReader, cursor: AvroCursor, number: number): Found {
  const start = cursor.at;
  cursor.problem = undefined;
  cursor.items = 0;
  cursor.depth = 0;
  const data = read(cursor);
  if (cursor.at === start) throw new UnreadableFileError('a row has no bytes');
  if (cursor.problem !== undefined)
    return { type: 'BadRow', number, reason: cursor.problem, text: JSON.stringify(data) };
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return { type: 'BadRow', number, reason: 'the row is no record' };
  return { type: 'Row', number, data: data as Record<string, unknown> };
}

function codecOf(meta: ReadonlyMap<string, string>): (bytes: Buffer) => Buffer {
  const codec = meta.get('avro.codec') ?? 'null';
  const decompress = CODECS[codec];
  if (!decompress)
    throw new UnreadableFileError(`found codec '${codec.slice(0, 50)}', allowed: ${Object.keys(CODECS).join(', ')}`);
  return (bytes) => {
    try {
      return decompress(bytes);
    } catch (error) {
      throw new UnreadableFileError(`a block of ${codec} data is broken or too big`, { cause: error });
    }
  };
}

const limit = { maxOutputLength: MAX_BLOCK_BYTES };

const CODECS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  null: (bytes) => bytes,
  deflate: (bytes) => inflateRawSync(bytes, limit),
  zstandard: (bytes) => zstdDecompressSync(bytes, limit),
  snappy: unsnap,
};

/** Snappy's own length first, a checksum of the content last. */
function unsnap(bytes: Buffer): Buffer {
  const compressed = bytes.subarray(0, -4);
  let length = 0;
  for (let at = 0, factor = 1; at < 5; at += 1, factor *= 128) {
    const byte = compressed[at] ?? 0;
    length += (byte & 0x7f) * factor;
    if (byte < 0x80) break;
  }
  if (length > MAX_BLOCK_BYTES) throw new RangeError('too big');
  const content = Buffer.from(decompressSnappy(compressed, length));
  if (crc32(content) !== bytes.readUInt32BE(bytes.length - 4)) throw new RangeError('checksum');
  return content;
}

/** Reads ahead, since blocks are small and S3 is far. */
class Window {
  readonly size: number;
  private readonly file: RandomAccess;
  private from = 0;
  private held: Buffer = Buffer.alloc(0);

  constructor(file: RandomAccess) {
    this.file = file;
    this.size = file.size;
  }

  async read(from: number, to: number): Promise<Buffer> {
    if (from < this.from || to > this.from + this.held.length) {
      this.held = Buffer.from(await this.file.read(from, Math.min(this.size, Math.max(to, from + WINDOW_BYTES))));
      this.from = from;
    }
    return this.held.subarray(from - this.from, to - this.from);
  }
}
