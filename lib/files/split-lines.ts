import type { Bytes, Position } from './file-rows.ts';

/** A longer line is no row of a contract: it is passed over without being held. */
export const MAX_LINE_BYTES = 1024 * 1024;

/** A line as it stands in the file, without its end; of several lines where a quoted value holds line breaks. */
export interface Line {
  readonly number: number;
  /** Where it begins, in bytes from the beginning. */
  readonly offset: number;
  /** Undefined when the line is longer than may be held. */
  readonly bytes?: Buffer;
  /** True when a quote opens that nothing closes, or that something follows. */
  readonly hasStrayQuote: boolean;
}

export interface LineBlock {
  readonly lines: readonly Line[];
  readonly bytes: number;
  readonly next: Position;
}

/** Signs of a CSV file that can make a line break part of a value. */
export interface Quoting {
  readonly quote: number;
  readonly delimiter: number;
}

const LF = 0x0a;
const CR = 0x0d;

/**
 * Splits a file into lines, block by block as it arrives. A quoted value may hold line breaks; where its quotes do
 * not add up, only the line that opens them is lost, and reading goes on with the next.
 */
export async function* splitLines(bytes: Bytes, from: Position, quoting?: Quoting): AsyncIterable<LineBlock> {
  const splitter = new LineSplitter(from, quoting);
  for await (const chunk of bytes) yield splitter.take(chunk);
  yield splitter.end();
}

class LineSplitter {
  private readonly quoting: Quoting | undefined;
  private rest: Buffer = Buffer.alloc(0);
  private lines: Line[] = [];
  private offset: number;
  private number: number;
  /** Bytes of a line that is being passed over. */
  private skipped = 0;

  constructor({ offset, number }: Position, quoting: Quoting | undefined) {
    this.offset = offset;
    this.number = number;
    this.quoting = quoting;
  }

  take(chunk: Uint8Array): LineBlock {
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : bufferOf(chunk);
    return this.split(false);
  }

  end(): LineBlock {
    return this.split(true);
  }

  private split(isLast: boolean): LineBlock {
    const before = this.offset;
    let start = this.skipped > 0 ? this.skipOn() : 0;
    const scanner = new LineScanner(this.rest, this.quoting);
    while (start < this.rest.length) {
      const length = this.lineAt(scanner, start, isLast);
      if (length === 0) break;
      start += length;
    }
    this.rest = this.rest.subarray(start);
    if (isLast) this.endSkipped();
    const { lines } = this;
    this.lines = [];
    return { lines, bytes: this.offset - before, next: { offset: this.offset, number: this.number } };
  }

  /**
   * Takes the line that begins here; the number of bytes it took, 0 when its end is not here yet. Whatever the blocks
   * are cut like, the lines are the same: quotes that do not close within the longest line count as never closed.
   */
  private lineAt(scanner: LineScanner, start: number, isLast: boolean): number {
    const end = scanner.endOf(start);
    const length = (end.type === 'Line' ? end.at : this.rest.length) - start;
    const isTooLong = length > MAX_LINE_BYTES;
    if (end.type === 'Line' && !isTooLong) return this.add(start, end.at, 1);
    const isStray = end.type === 'Stray' || (end.type === 'OpenQuote' && isLast);
    const lineBreak = this.rest.indexOf(LF, start);
    if ((isStray || isTooLong) && lineBreak >= 0) return this.add(start, lineBreak, 1, true);
    if (isLast) return this.add(start, this.rest.length, 0, isStray);
    return isTooLong ? this.skipFrom(start) : 0;
  }

  private add(start: number, end: number, breakBytes: number, hasStrayQuote = false): number {
    const { number, offset } = this;
    const bytes = this.rest.subarray(start, this.rest[end - 1] === CR && end > start ? end - 1 : end);
    if (end - start > MAX_LINE_BYTES) this.lines.push({ number, offset, hasStrayQuote: false });
    else this.lines.push({ number, offset, bytes, hasStrayQuote });
    return this.pass(start, end, breakBytes);
  }

  private pass(start: number, end: number, breakBytes: number): number {
    const isQuoted = this.quoting !== undefined && this.rest.indexOf(LF, start) < end;
    this.number += breakBytes + (isQuoted ? countBreaks(this.rest, start, end) : 0);
    const length = end + breakBytes - start;
    this.offset += length;
    return length;
  }

  private skipFrom(start: number): number {
    const length = this.rest.length - start;
    this.skipped += length;
    this.offset += length;
    return length;
  }

  /** Passes over what belongs to the line that is too long; where the next one begins. */
  private skipOn(): number {
    const lineBreak = this.rest.indexOf(LF);
    const length = lineBreak < 0 ? this.rest.length : lineBreak + 1;
    this.skipped += length;
    this.offset += length;
    if (lineBreak >= 0) this.endSkipped();
    return length;
  }

  private endSkipped(): void {
    if (this.skipped === 0) return;
    this.lines.push({ number: this.number, offset: this.offset - this.skipped, hasStrayQuote: false });
    this.number += 1;
    this.skipped = 0;
  }
}

/** Where a line ends, in a buffer that may end before it. */
type LineEnd = { readonly type: 'Line'; readonly at: number } | { readonly type: 'More' | 'OpenQuote' | 'Stray' };

class LineScanner {
  private readonly bytes: Buffer;
  private readonly quoting: Quoting | undefined;
  /** Of the first quote from here on: most lines have none, and are then found at the speed of `indexOf`. */
  private nextQuote = -1;

  constructor(bytes: Buffer, quoting: Quoting | undefined) {
    this.bytes = bytes;
    this.quoting = quoting;
  }

  endOf(start: number): LineEnd {
    const lineBreak = this.bytes.indexOf(LF, start);
    const end = lineBreak < 0 ? this.bytes.length : lineBreak;
    if (this.quoting && this.quoteFrom(start, this.quoting) < end) return this.endOfQuoted(start, this.quoting);
    return lineBreak < 0 ? { type: 'More' } : { type: 'Line', at: lineBreak };
  }

  private quoteFrom(start: number, { quote }: Quoting): number {
    if (this.nextQuote < start) {
      const found = this.bytes.indexOf(quote, start);
      this.nextQuote = found < 0 ? Number.POSITIVE_INFINITY : found;
    }
    return this.nextQuote;
  }

  /** A quote opens a value only where one begins; anywhere else it is text, for whoever reads the line to judge. */
  private endOfQuoted(start: number, { quote, delimiter }: Quoting): LineEnd {
    let at = start;
    for (;;) {
      if (this.bytes[at] === quote) {
        const after = this.afterQuoted(at, quote);
        if (after === undefined) return { type: 'OpenQuote' };
        at = after;
        if (this.bytes[at] === CR && (at + 1 === this.bytes.length || this.bytes[at + 1] === LF)) at += 1;
        if (at < this.bytes.length && this.bytes[at] !== delimiter && this.bytes[at] !== LF) return { type: 'Stray' };
      } else while (at < this.bytes.length && this.bytes[at] !== delimiter && this.bytes[at] !== LF) at += 1;
      if (at >= this.bytes.length) return { type: 'More' };
      if (this.bytes[at] === LF) return { type: 'Line', at };
      at += 1;
    }
  }

  /** The first byte after a quoted value; undefined when its end is not here. Two quotes are one that is meant. */
  private afterQuoted(open: number, quote: number): number | undefined {
    let at = open + 1;
    for (;;) {
      const close = this.bytes.indexOf(quote, at);
      if (close < 0) return undefined;
      if (this.bytes[close + 1] !== quote) return close + 1;
      at = close + 2;
    }
  }
}

const bufferOf = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer as ArrayBuffer, byteOffset, byteLength);

function countBreaks(bytes: Buffer, start: number, end: number): number {
  let count = 0;
  for (let at = bytes.indexOf(LF, start); at >= 0 && at < end; at = bytes.indexOf(LF, at + 1)) count += 1;
  return count;
}
