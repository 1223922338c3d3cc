import { type Data, makeData, Utf8 } from 'apache-arrow';
import { ColumnBuilder, grown, handedOver, INITIAL_LENGTH, type Shape } from './column-builder.ts';
import type { Value } from './row.ts';

/** Below so many bytes, a loop is faster than a call. */
const SHORT = 48;
const ENCODER = new TextEncoder();

/** Texts as UTF-8, one after the other. */
export class TextColumn extends ColumnBuilder {
  private bytes = new Uint8Array(INITIAL_LENGTH * 16);
  /** Where each text begins; the last is where the next one will. */
  private offsets = new Int32Array(INITIAL_LENGTH);

  append(value: Value): void {
    if (value === null) this.endAt(this.used, false);
    else this.appendText(value as string);
  }

  /** @param bytes UTF-8, of which the text is the part from `from` up to `to`. */
  appendBytes(bytes: Uint8Array, from: number, to: number): void {
    let used = this.reserve(to - from);
    const own = this.bytes;
    if (to - from > SHORT) {
      own.set(bytes.subarray(from, to), used);
      used += to - from;
    } else for (let i = from; i < to; i++) own[used++] = bytes[i] as number;
    this.endAt(used, true);
  }

  appendText(text: string): void {
    const used = this.reserve(text.length * 3);
    const { written } = ENCODER.encodeInto(text, this.bytes.subarray(used));
    this.endAt(used + written, true);
  }

  /** Whether the last text has nothing in it. */
  get endsEmpty(): boolean {
    return this.offsets[this.length] === this.offsets[this.length - 1];
  }

  protected handOver(shape: Shape): Data {
    const [data, bytes] = handedOver(this.bytes, this.used);
    const [valueOffsets, offsets] = handedOver(this.offsets, shape.length + 1);
    this.bytes = bytes;
    this.offsets = offsets;
    return makeData({ type: new Utf8(), ...shape, valueOffsets, data });
  }

  private get used(): number {
    return this.offsets[this.length] as number;
  }

  private reserve(size: number): number {
    const { used } = this;
    if (used + size > this.bytes.length) this.bytes = grown(this.bytes, used + size);
    return used;
  }

  private endAt(used: number, isPresent: boolean): void {
    if (this.length + 1 >= this.offsets.length) this.offsets = grown(this.offsets, this.length + 2);
    this.offsets[this.length + 1] = used;
    this.end(isPresent);
  }
}
