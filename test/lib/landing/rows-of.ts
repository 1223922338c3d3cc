import { type Data, Decimal, type List, type Struct, Vector } from 'apache-arrow';
import type { LandedTable } from '../../../lib/landing/landing.ts';
import type { Row, Value } from '../../../lib/landing/row.ts';

/** A landed table's rows as objects, read from the Arrow buffers alone. */
export const rowsOf = ({ data }: Pick<LandedTable, 'data'>): Row[] =>
  Array.from({ length: data.length }, (_, i) => valueAt(data, i) as Row);

function valueAt(data: Data, at: number): Value {
  if (data.nullBitmap.length > 0 && !((data.nullBitmap[at >> 3] ?? 0) & (1 << (at & 7)))) return null;
  const { type, children } = data;
  const [child] = children;
  if (child && data.valueOffsets) {
    const [from, to] = [(data as Data<List>).valueOffsets[at] ?? 0, (data as Data<List>).valueOffsets[at + 1] ?? 0];
    return Array.from({ length: to - from }, (_, i) => valueAt(child, from + i));
  }
  if (children.length > 0) {
    const names = (type as Struct).children.map(({ name }) => name);
    return Object.fromEntries(names.map((name, i) => [name, valueAt(children[i] as Data, at)]));
  }
  if (type instanceof Decimal) return decimalAt(data.values as Uint32Array, at);
  // Arrow's own reading of a timestamp is in milliseconds.
  if (data.values instanceof BigInt64Array || data.values instanceof Int32Array) return data.values[at] as Value;
  return new Vector([data]).get(at);
}

const decimalAt = (words: Uint32Array, at: number): bigint =>
  BigInt.asIntN(
    128,
    [3, 2, 1, 0].reduce((sum, word) => (sum << 32n) | BigInt(words[at * 4 + word] ?? 0), 0n),
  );
