import { isUtf8 } from 'node:buffer';
import { decimalText, isoDate, isoTime, signedOf } from './exact-text.ts';
import { UnreadableFileError } from './file-rows.ts';

/** Deeper nesting is no data of a contract. */
const MAX_DEPTH = 64;
/** Values of no bytes cost nothing in a file, however many it says there are. */
const MAX_ITEMS = 100_000;

/** Reads on through the bytes of a block. Throws `UnreadableFileError` when they end. */
export class AvroCursor {
  at = 0;
  /** Why the row in hand cannot land, although it could be read. */
  problem: string | undefined;
  /** Of arrays and maps of the row in hand. */
  items = 0;
  depth = 0;
  private readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  take(length: number): Buffer {
    const end = this.at + length;
    if (!(length >= 0 && end <= this.bytes.length)) throw new UnreadableFileError('a block ends within a row');
    const taken = this.bytes.subarray(this.at, end);
    this.at = end;
    return taken;
  }

  long(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.take(1)[0] ?? 0;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return (value >> 1n) ^ -(value & 1n);
    }
    throw new UnreadableFileError('a number has more than 64 bits');
  }

  /** A number that counts or points, which is small. */
  int(): number {
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = this.take(1)[0] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
    }
    throw new UnreadableFileError('a number has more than 32 bits');
  }
}

export type AvroReader = (cursor: AvroCursor) => unknown;

type Schema = string | readonly Schema[] | SchemaObject;
interface SchemaObject {
  readonly type: Schema;
  readonly name?: string;
  readonly namespace?: string;
  readonly logicalType?: string;
  readonly scale?: number;
  readonly size?: number;
  readonly items?: Schema;
  readonly values?: Schema;
  readonly symbols?: readonly string[];
  readonly fields?: readonly { readonly name: string; readonly type: Schema }[];
}

/**
 * Compiles a schema to a reader that makes of values what JSON would hold: decimals and big integers exact as text,
 * times in ISO 8601. Written by hand, since no library refuses text that is no UTF-8, or bounds what a file may ask for.
 */
export function compileAvro(schema: unknown): AvroReader {
  try {
    return new Compiler().readerOf(schema as Schema, '');
  } catch (error) {
    if (error instanceof UnreadableFileError) throw error;
    throw new UnreadableFileError('the schema in the file is none', { cause: error });
  }
}

class Compiler {
  private readonly named = new Map<string, AvroReader>();

  readerOf(schema: Schema, namespace: string): AvroReader {
    if (typeof schema === 'string') return PRIMITIVES[schema] ?? this.reference(schema, namespace);
    if (isList(schema)) return unionOf(schema.map((branch) => this.readerOf(branch, namespace)));
    const space = spaceOf(schema, namespace);
    const logical = logicalOf(schema);
    if (logical) return this.define(schema, space, logical);
    switch (schema.type) {
      case 'record':
        return this.recordOf(schema, space);
      case 'array':
        return this.blocksOf(this.readerOf(schema.items ?? '', space), readItems);
      case 'map':
        return this.blocksOf(this.readerOf(schema.values ?? '', space), readEntries);
      case 'enum':
        return this.define(schema, space, enumOf(schema.symbols ?? []));
      case 'fixed':
        return this.define(schema, space, (cursor) => binary(cursor, cursor.take(schema.size ?? -1)));
      default:
        return this.readerOf(schema.type, space);
    }
  }

  /** By name, and late: a type may hold itself. */
  private reference(name: string, namespace: string): AvroReader {
    const full = name.includes('.') || !namespace ? name : `${namespace}.${name}`;
    return (cursor) => {
      const reader = this.named.get(full) ?? this.named.get(name);
      if (!reader) throw new UnreadableFileError(`the schema in the file names no type '${name.slice(0, 100)}'`);
      return reader(cursor);
    };
  }

  private define({ name }: SchemaObject, namespace: string, reader: AvroReader): AvroReader {
    if (name !== undefined) this.named.set(name.includes('.') || !namespace ? name : `${namespace}.${name}`, reader);
    return reader;
  }

  private recordOf(schema: SchemaObject, namespace: string): AvroReader {
    const fields: (readonly [string, AvroReader])[] = [];
    const reader: AvroReader = (cursor) =>
      nested(cursor, () => Object.fromEntries(fields.map(([name, read]) => [name, read(cursor)])));
    this.define(schema, namespace, reader);
    for (const { name, type } of schema.fields ?? []) fields.push([name, this.readerOf(type, namespace)]);
    return reader;
  }

  private blocksOf<T>(read: AvroReader, collect: (cursor: AvroCursor, read: AvroReader) => T): AvroReader {
    return (cursor) => nested(cursor, () => collect(cursor, read));
  }
}

const isList = (schema: Schema): schema is readonly Schema[] => Array.isArray(schema);

const spaceOf = ({ name = '', namespace }: SchemaObject, outer: string): string =>
  name.includes('.') ? name.slice(0, name.lastIndexOf('.')) : (namespace ?? outer);

function nested<T>(cursor: AvroCursor, read: () => T): T {
  cursor.depth += 1;
  if (cursor.depth > MAX_DEPTH) throw new UnreadableFileError(`a row nests deeper than ${MAX_DEPTH} levels`);
  const value = read();
  cursor.depth -= 1;
  return value;
}

const number = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();

const PRIMITIVES: Readonly<Record<string, AvroReader>> = {
  null: () => null,
  boolean: (cursor) => cursor.take(1)[0] === 1,
  int: (cursor) => cursor.int(),
  long: (cursor) => number(cursor.long()),
  float: (cursor) => cursor.take(4).readFloatLE(),
  double: (cursor) => cursor.take(8).readDoubleLE(),
  bytes: (cursor) => binary(cursor, cursor.take(cursor.int())),
  string: (cursor) => {
    const bytes = cursor.take(cursor.int());
    if (!isUtf8(bytes)) cursor.problem = 'a text of the row has bytes that are no UTF-8';
    return bytes.toString('utf8');
  },
};

function binary(cursor: AvroCursor, bytes: Buffer): string {
  cursor.problem = 'a value of the row is binary, which no contract has';
  return bytes.toString('base64');
}

const unionOf =
  (branches: readonly AvroReader[]): AvroReader =>
  (cursor) => {
    const read = branches[cursor.int()];
    if (!read) throw new UnreadableFileError('a row names a branch that its union does not have');
    return read(cursor);
  };

const enumOf =
  (symbols: readonly string[]): AvroReader =>
  (cursor) => {
    const symbol = symbols[cursor.int()];
    if (symbol === undefined) throw new UnreadableFileError('a row names a symbol that its enum does not have');
    return symbol;
  };

/** Arrays and maps come in blocks, each with its count; a negative one is followed by the block's bytes. */
function eachItem(cursor: AvroCursor, take: () => void): void {
  for (let count = cursor.int(); count !== 0; count = cursor.int()) {
    if (count < 0) cursor.int();
    cursor.items += Math.abs(count);
    if (cursor.items > MAX_ITEMS) throw new UnreadableFileError(`a row has more than ${MAX_ITEMS} items in its lists`);
    for (let item = 0; item < Math.abs(count); item += 1) take();
  }
}

function readItems(cursor: AvroCursor, read: AvroReader): unknown[] {
  const items: unknown[] = [];
  eachItem(cursor, () => items.push(read(cursor)));
  return items;
}

function readEntries(cursor: AvroCursor, read: AvroReader): Record<string, unknown> {
  const entries: [string, unknown][] = [];
  eachItem(cursor, () => entries.push([String(PRIMITIVES.string?.(cursor)), read(cursor)]));
  return Object.fromEntries(entries);
}

/** What a logical type makes of its plain one; undefined when it is not known, which is then to be ignored. */
function logicalOf({ logicalType, type, scale = 0, size }: SchemaObject): AvroReader | undefined {
  switch (`${String(type)} ${logicalType}`) {
    case 'bytes decimal':
      return (cursor) => decimalText(signedOf(cursor.take(cursor.int())), scale);
    case 'fixed decimal':
      return (cursor) => decimalText(signedOf(cursor.take(size ?? -1)), scale);
    case 'int date':
      return (cursor) => isoDate(cursor.int());
    default:
      return TIMES[`${String(type)} ${logicalType}`];
  }
}

const timeOf =
  (nanosPerUnit: bigint, zone: string): AvroReader =>
  (cursor) =>
    isoTime(cursor.long() * nanosPerUnit) + zone;

/** Local times have no zone: the gate then says so. */
const TIMES: Readonly<Record<string, AvroReader>> = {
  'long timestamp-millis': timeOf(1_000_000n, 'Z'),
  'long timestamp-micros': timeOf(1000n, 'Z'),
  'long timestamp-nanos': timeOf(1n, 'Z'),
  'long local-timestamp-millis': timeOf(1_000_000n, ''),
  'long local-timestamp-micros': timeOf(1000n, ''),
  'long local-timestamp-nanos': timeOf(1n, ''),
};
