import type { ScalarType } from '../contract/contract.ts';
import { BooleanColumn, type ColumnBuilder, IntegerColumn, NumberColumn } from './column-builder.ts';
import type { ColumnReader } from './column-reader.ts';
import type { JsonCursor } from './json-cursor.ts';
import { type FixedPoint, isPadded, keepsNumber, POWERS_OF_TEN, readFixedPoint, SAFE_DIGITS } from './json-number.ts';
import { dayAt, type Instant, readInstant } from './read-instant.ts';
import { type Scalar, scalarOf } from './read-scalar.ts';
import { TextColumn } from './text-column.ts';
import type { Tokeniser } from './tokenise.ts';

const QUOTE = 0x22;
const DATE_LENGTH = 10;
/** Within them, microseconds since 1970 are exact in a JavaScript number. */
const SAFE_SECONDS = 9e9;
const TRUE = Uint8Array.from(Buffer.from('true'));
const FALSE = Uint8Array.from(Buffer.from('false'));

/** The reader of a scalar column, which must be the builder of its type. */
export function scalarReaderOf(type: ScalarType, column: ColumnBuilder): ColumnReader {
  const scalar = scalarOf(type);
  if (column instanceof TextColumn) return new TextReader(column, scalar);
  if (column instanceof BooleanColumn) return new BooleanReader(column, scalar);
  if (column instanceof NumberColumn) {
    if (type === 'double') return new DoubleReader(column, scalar);
    return type === 'date' ? new DateReader(column, scalar) : new IntReader(column, scalar);
  }
  if (!(column instanceof IntegerColumn)) throw new Error(`no reader of '${type}' for a ${column.constructor.name}`);
  if (type === 'timestamp') return new InstantReader(column, scalar);
  return type === 'long' ? new LongReader(column, scalar) : new DecimalReader(column, scalar, type);
}

/** Reads what most values look like by `readPlain`, and any other by the type's own rules. */
abstract class ScalarReader<Column extends ColumnBuilder> implements ColumnReader {
  readonly column: Column;
  private readonly scalar: Scalar;

  constructor(column: Column, scalar: Scalar) {
    this.column = column;
    this.scalar = scalar;
  }

  read(cursor: JsonCursor): boolean {
    const { at } = cursor;
    if (this.readPlain(cursor)) return true;
    cursor.at = at;
    const value = this.scalar.read(takeScalar(cursor));
    if (value === undefined) return false;
    this.column.append(value);
    return true;
  }

  /** Appends nothing when it returns false. */
  protected abstract readPlain(cursor: JsonCursor): boolean;
}

/** What `JSON.parse` makes of the scalar at the cursor; undefined when it is none, or a number that it would change. */
export function takeScalar(cursor: JsonCursor): unknown {
  const from = cursor.at;
  if (!cursor.skipScalar()) return undefined;
  const text = cursor.text(from, cursor.at);
  try {
    const found: unknown = JSON.parse(text);
    return typeof found !== 'number' || keepsNumber(text) ? found : undefined;
  } catch {
    return undefined;
  }
}

class TextReader extends ScalarReader<TextColumn> {
  protected readPlain(cursor: JsonCursor): boolean {
    const end = cursor.plainStringEnd();
    if (end < 0) return false;
    this.column.appendBytes(cursor.bytes, cursor.at + 1, end);
    cursor.at = end + 1;
    return true;
  }
}

/** Puts a text's token in its place. */
export class TokenReader implements ColumnReader {
  readonly column: TextColumn;
  private readonly tokenise: Tokeniser;

  constructor(column: TextColumn, tokenise: Tokeniser) {
    this.column = column;
    this.tokenise = tokenise;
  }

  read(cursor: JsonCursor): boolean {
    const [from, end] = [cursor.at + 1, cursor.plainStringEnd()];
    if (end < 0) return this.readEscaped(cursor);
    this.column.appendText(this.tokenise(cursor.text(from, end)));
    cursor.at = end + 1;
    return true;
  }

  private readEscaped(cursor: JsonCursor): boolean {
    const found = takeScalar(cursor);
    if (typeof found !== 'string' || !found.isWellFormed()) return false;
    this.column.appendText(this.tokenise(found));
    return true;
  }
}

/** Takes a whole number in quotes too, which is how one beyond 2^53 travels. */
class LongReader extends ScalarReader<IntegerColumn> {
  private readonly number: FixedPoint = { unscaled: 0, scale: 0, digits: 0 };

  protected readPlain(cursor: JsonCursor): boolean {
    const { bytes, at } = cursor;
    const isQuoted = cursor.byte === QUOTE;
    const from = isQuoted ? at + 1 : at;
    if (!cursor.skipScalar()) return false;
    const to = isQuoted ? cursor.at - 1 : cursor.at;
    if (!readFixedPoint(bytes, from, to, this.number) || this.number.scale > 0) return false;
    if (!isQuoted && isPadded(bytes, from, this.number)) return false;
    this.column.appendSafe(this.number.unscaled);
    return true;
  }
}

class IntReader extends ScalarReader<NumberColumn> {
  private readonly number: FixedPoint = { unscaled: 0, scale: 0, digits: 0 };

  protected readPlain(cursor: JsonCursor): boolean {
    const { at } = cursor;
    if (!takeNumber(cursor, this.number) || this.number.scale > 0) return false;
    const { unscaled } = this.number;
    if (unscaled !== (unscaled | 0)) return false;
    this.column.appendNumber(unscaled);
    return cursor.at > at;
  }
}

class DoubleReader extends ScalarReader<NumberColumn> {
  private readonly number: FixedPoint = { unscaled: 0, scale: 0, digits: 0 };

  protected readPlain(cursor: JsonCursor): boolean {
    if (!takeNumber(cursor, this.number)) return false;
    // Both are exact, so that their quotient is rounded once, as the parser rounds.
    this.column.appendNumber(this.number.unscaled / (POWERS_OF_TEN[this.number.scale] as number));
    return true;
  }
}

/** Takes a JSON number without exponent. */
function takeNumber(cursor: JsonCursor, number: FixedPoint): boolean {
  const { bytes, at } = cursor;
  if (cursor.byte === QUOTE || !cursor.skipScalar()) return false;
  return readFixedPoint(bytes, at, cursor.at, number) && !isPadded(bytes, at, number);
}

class DecimalReader extends ScalarReader<IntegerColumn> {
  private readonly number: FixedPoint = { unscaled: 0, scale: 0, digits: 0 };
  private readonly scale: number;
  private readonly maxDigits: number;

  constructor(column: IntegerColumn, scalar: Scalar, type: ScalarType) {
    super(column, scalar);
    const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
    this.scale = Number(scale);
    this.maxDigits = Math.min(Number(precision), SAFE_DIGITS);
  }

  protected readPlain(cursor: JsonCursor): boolean {
    const { number } = this;
    const [from, end] = [cursor.at + 1, cursor.plainStringEnd()];
    if (end < 0 || !readFixedPoint(cursor.bytes, from, end, number)) return false;
    const missing = this.scale - number.scale;
    if (missing < 0 || number.digits + missing > this.maxDigits) return false;
    this.column.appendSafe(number.unscaled * (POWERS_OF_TEN[missing] as number));
    cursor.at = end + 1;
    return true;
  }
}

class BooleanReader extends ScalarReader<BooleanColumn> {
  protected readPlain(cursor: JsonCursor): boolean {
    const isTrue = cursor.takeBytes(TRUE);
    if (!isTrue && !cursor.takeBytes(FALSE)) return false;
    this.column.append(isTrue);
    return true;
  }
}

class DateReader extends ScalarReader<NumberColumn> {
  protected readPlain(cursor: JsonCursor): boolean {
    const [from, end] = [cursor.at + 1, cursor.plainStringEnd()];
    const day = end === from + DATE_LENGTH ? dayAt(cursor.bytes, from) : Number.NaN;
    if (Number.isNaN(day)) return false;
    this.column.appendNumber(day);
    cursor.at = end + 1;
    return true;
  }
}

export class InstantReader extends ScalarReader<IntegerColumn> {
  /** What was read last. */
  readonly instant: Instant = { seconds: 0, micros: 0 };

  protected readPlain(cursor: JsonCursor): boolean {
    const { instant } = this;
    const [from, end] = [cursor.at + 1, cursor.plainStringEnd()];
    if (end < 0 || !readInstant(cursor.bytes, from, end, instant)) return false;
    if (Math.abs(instant.seconds) < SAFE_SECONDS) this.column.appendSafe(instant.seconds * 1e6 + instant.micros);
    else this.column.append(BigInt(instant.seconds) * 1_000_000n + BigInt(instant.micros));
    cursor.at = end + 1;
    return true;
  }
}
