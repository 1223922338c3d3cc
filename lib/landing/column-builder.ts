import { type Data, type DataType, makeData } from 'apache-arrow';
import type { Value } from './row.ts';

/** What all Arrow columns have. */
export interface Shape {
  readonly length: number;
  readonly nullCount: number;
  readonly nullBitmap: Uint8Array | null;
}

type Buffer32or64 = Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

export const INITIAL_LENGTH = 64;
const WORD = 2 ** 32;

/**
 * Gathers the values of a column in the buffers that Arrow wants: each value is written once and never boxed.
 * `truncate` takes back what a row had written before it turned out not to fit.
 */
export abstract class ColumnBuilder {
  length = 0;
  private present = new Uint8Array(INITIAL_LENGTH);

  /** @param value as Parquet will hold it. */
  abstract append(value: Value): void;

  truncate(length: number): void {
    this.length = length;
  }

  /** Hands over the values gathered so far, and starts anew. */
  build(): Data {
    const { present, length } = this;
    let nullCount = 0;
    for (let i = 0; i < length; i++) nullCount += 1 - (present[i] as number);
    const data = this.handOver({ length, nullCount, nullBitmap: nullCount === 0 ? null : packBits(present, length) });
    this.length = 0;
    return data;
  }

  /** The buffers handed over must not be written to again. */
  protected abstract handOver(shape: Shape): Data;

  /** Ends a value, once its buffers hold it. */
  protected end(isPresent: boolean): void {
    if (this.length === this.present.length) this.present = grown(this.present, this.length + 1);
    this.present[this.length++] = isPresent ? 1 : 0;
  }
}

/** Ints, days and doubles: what a JavaScript number holds exactly. */
export class NumberColumn extends ColumnBuilder {
  private readonly type: DataType;
  private values: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>;

  constructor(type: DataType, values: Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>) {
    super();
    this.type = type;
    this.values = values;
  }

  append(value: Value): void {
    this.write(Number(value), value !== null);
  }

  appendNumber(value: number): void {
    this.write(value, true);
  }

  protected handOver(shape: Shape): Data {
    const [data, values] = handedOver(this.values, shape.length);
    this.values = values;
    return makeData({ type: this.type, ...shape, data } as never);
  }

  private write(value: number, isPresent: boolean): void {
    if (this.length >= this.values.length) this.values = grown(this.values, this.length + 1);
    this.values[this.length] = value;
    this.end(isPresent);
  }
}

export class BooleanColumn extends ColumnBuilder {
  private readonly type: DataType;
  private values = new Uint8Array(INITIAL_LENGTH);

  constructor(type: DataType) {
    super();
    this.type = type;
  }

  append(value: Value): void {
    if (this.length >= this.values.length) this.values = grown(this.values, this.length + 1);
    this.values[this.length] = value === true ? 1 : 0;
    this.end(value !== null);
  }

  protected handOver(shape: Shape): Data {
    const data = packBits(this.values, shape.length);
    return makeData({ type: this.type, ...shape, data } as never);
  }
}

/** Longs, timestamps and decimals: integers of 2 or 4 words of 32 bits, least significant first. */
export class IntegerColumn extends ColumnBuilder {
  private readonly type: DataType;
  private readonly words: 2 | 4;
  private values: Int32Array<ArrayBuffer>;

  constructor(type: DataType, words: 2 | 4) {
    super();
    this.type = type;
    this.words = words;
    this.values = new Int32Array(INITIAL_LENGTH * words);
  }

  append(value: Value): void {
    let rest = BigInt((value as bigint | null) ?? 0n);
    const from = this.place();
    for (let word = 0; word < this.words; word++, rest >>= 32n)
      this.values[from + word] = Number(BigInt.asIntN(32, rest));
    this.end(value !== null);
  }

  /** @param value within ±2^53: no bigint is made for it. */
  appendSafe(value: number): void {
    const from = this.place();
    const high = Math.floor(value / WORD);
    this.values[from] = value - high * WORD;
    this.values[from + 1] = high;
    if (this.words === 4) this.values.fill(high < 0 ? -1 : 0, from + 2, from + 4);
    this.end(true);
  }

  protected handOver(shape: Shape): Data {
    const [words, values] = handedOver(this.values, shape.length * this.words);
    const { buffer, byteOffset } = words;
    const data =
      this.words === 2
        ? new BigInt64Array(buffer, byteOffset, shape.length)
        : new Uint32Array(buffer, byteOffset, shape.length * 4);
    this.values = values;
    return makeData({ type: this.type, ...shape, data } as never);
  }

  private place(): number {
    const from = this.length * this.words;
    if (from >= this.values.length) this.values = grown(this.values, from + this.words);
    return from;
  }
}

/** The same content with room for at least so many elements, and for as many again as there were. */
export function grown<T extends Buffer32or64>(buffer: T, length: number): T {
  const larger = new (buffer.constructor as new (length: number) => T)(Math.max(length, buffer.length * 2));
  larger.set(buffer);
  return larger;
}

/**
 * What was written to a buffer, and one to write to from now on. Little is copied, since a new buffer costs more; much is
 * given away with its buffer, and the new one is as large, since batches are alike.
 */
export function handedOver<T extends Buffer32or64>(buffer: T, used: number): [T, T] {
  if (used * 2 < buffer.length) return [buffer.slice(0, used) as T, buffer];
  return [buffer.subarray(0, used) as T, new (buffer.constructor as new (length: number) => T)(buffer.length)];
}

/** One bit for each byte that is 0 or 1, least significant first. */
function packBits(bytes: Uint8Array, length: number): Uint8Array {
  const bits = new Uint8Array((length + 7) >> 3);
  for (let i = 0; i < length; i++) bits[i >> 3] = (bits[i >> 3] as number) | ((bytes[i] as number) << (i & 7));
  return bits;
}
