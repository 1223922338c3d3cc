import { type Data, Decimal, type List, type Struct, Utf8, Vector } from 'apache-arrow';
import type { LandedTable } from '../../../lib/landing/landing.ts';
import type { Row, Value } from '../../../lib/landing/row.ts';

/** A landed table's rows as objects, read from the Arrow buffers alone. */
export function rowsOf({ data }: Pick<LandedTable, 'data'>): Row[] {
  const read = readerOf(data);
  return Array.from({ length: data.length }, (_, i) => read(i) as Row);
}

type Reader = (at: number) => Value;

/** Made once a column, since the simulator reads many rows. */
function readerOf(data: Data): Reader {
  const { nullBitmap } = data;
  const read = presentReaderOf(data);
  if (nullBitmap.length === 0) return read;
  return (at) => ((nullBitmap[at >> 3] ?? 0) & (1 << (at & 7)) ? read(at) : null);
}

function presentReaderOf(data: Data): Reader {
  const { type, children, values } = data;
  const [child] = children;
  if (child && data.valueOffsets) return listReaderOf(data as Data<List>, readerOf(child));
  if (children.length > 0) return structReaderOf(data as Data<Struct>);
  if (type instanceof Decimal) return (at) => decimalAt(values as Uint32Array, at);
  // Arrow's own reading of a text drops a byte order mark.
  if (type instanceof Utf8) return textReaderOf(data as Data<Utf8>);
  // Arrow's own reading of a timestamp is in milliseconds.
  if (values instanceof BigInt64Array || values instanceof Int32Array) return (at) => values[at] as Value;
  const vector = new Vector([data]);
  return (at) => vector.get(at);
}

function listReaderOf({ valueOffsets }: Data<List>, read: Reader): Reader {
  return (at) => {
    const [from, to] = [valueOffsets[at] ?? 0, valueOffsets[at + 1] ?? 0];
    return Array.from({ length: to - from }, (_, i) => read(from + i));
  };
}

const textReaderOf =
  ({ valueOffsets, values }: Data<Utf8>): Reader =>
  (at) =>
    Buffer.from(values.subarray(valueOffsets[at], valueOffsets[at + 1])).toString();

function structReaderOf({ type, children }: Data<Struct>): Reader {
  const members = type.children.map(({ name }, i) => [name, readerOf(children[i] as Data)] as const);
  return (at) => {
    const row: Record<string, Value> = {};
    for (const [name, read] of members) row[name] = read(at);
    return row;
  };
}

const decimalAt = (words: Uint32Array, at: number): bigint =>
  BigInt.asIntN(
    128,
    [3, 2, 1, 0].reduce((sum, word) => (sum << 32n) | BigInt(words[at * 4 + word] ?? 0), 0n),
  );
