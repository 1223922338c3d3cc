import {
  Field as ArrowField,
  Bool,
  type Data,
  type DataType,
  DateDay,
  Decimal,
  Float64,
  Int32,
  Int64,
  List,
  makeData,
  Struct,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import type { Column, Field, ScalarType } from '../contract/contract.ts';
import type { Row, Value } from './row.ts';

/** A column's Arrow type. All are nullable: the gate enforces what is required, and storage stays free to evolve. */
export function arrowTypeOf(field: Field): DataType {
  if (field.type === 'array') return new List(new ArrowField('element', arrowTypeOf(elementOf(field)), true));
  if (field.type === 'struct') return new Struct((field.fields ?? []).map(arrowFieldOf));
  return scalarTypeOf(field.type);
}

export const arrowFieldOf = (column: Column): ArrowField => new ArrowField(column.name, arrowTypeOf(column), true);

/** Builds a column from its values, without Arrow's builders: they box each value, and know decimals only as limbs. */
export function arrowDataOf(field: Field, values: readonly Value[]): Data {
  if (field.type === 'array') return listData(field, values as readonly (readonly Value[] | null)[]);
  if (field.type === 'struct') return structData(field, values as readonly (Row | null)[]);
  return scalarData(scalarTypeOf(field.type), values);
}

const elementOf = (field: Field): Field => field.items ?? { type: 'string' };

function scalarTypeOf(type: ScalarType): DataType {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision !== undefined) return new Decimal(Number(scale), Number(precision), 128);
  const types = {
    string: () => new Utf8(),
    int: () => new Int32(),
    long: () => new Int64(),
    double: () => new Float64(),
    boolean: () => new Bool(),
    date: () => new DateDay(),
    timestamp: () => new TimestampMicrosecond('UTC'),
  };
  return types[type as keyof typeof types]();
}

function listData(field: Field, lists: readonly (readonly Value[] | null)[]): Data {
  const valueOffsets = new Int32Array(lists.length + 1);
  lists.forEach((list, i) => {
    valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + (list?.length ?? 0);
  });
  const child = arrowDataOf(
    elementOf(field),
    lists.flatMap((list) => list ?? []),
  );
  return makeData({
    type: arrowTypeOf(field) as List,
    length: lists.length,
    ...validityOf(lists),
    valueOffsets,
    child,
  });
}

function structData(field: Field, rows: readonly (Row | null)[]): Data {
  const children = (field.fields ?? []).map((column) =>
    arrowDataOf(
      column,
      rows.map((row) => row?.[column.name] ?? null),
    ),
  );
  return makeData({ type: arrowTypeOf(field) as Struct, length: rows.length, ...validityOf(rows), children });
}

function scalarData(type: DataType, values: readonly Value[]): Data {
  const shape = { length: values.length, ...validityOf(values) };
  if (type instanceof Utf8) return makeData({ type, ...shape, ...textBuffers(values as (string | null)[]) });
  if (type instanceof Bool) return makeData({ type, ...shape, data: bitsOf(values, (value) => value === true) });
  if (type instanceof Decimal) return makeData({ type, ...shape, data: limbsOf(values as (bigint | null)[]) });
  if (type instanceof Float64) return makeData({ type, ...shape, data: Float64Array.from(values, Number) });
  if (type instanceof Int64) return makeData({ type, ...shape, data: longsOf(values) });
  if (type instanceof TimestampMicrosecond) return makeData({ type, ...shape, data: longsOf(values) });
  if (type instanceof DateDay) return makeData({ type, ...shape, data: Int32Array.from(values, Number) });
  return makeData({ type: type as Int32, ...shape, data: Int32Array.from(values, Number) });
}

const longsOf = (values: readonly Value[]): BigInt64Array =>
  BigInt64Array.from(values as (bigint | null)[], (value) => value ?? 0n);

/** One bit a value, least significant first. */
function bitsOf<T>(values: readonly T[], isSet: (value: T) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, i) => {
    if (isSet(value)) bits[i >> 3] = (bits[i >> 3] ?? 0) | (1 << (i & 7));
  });
  return bits;
}

function validityOf(values: readonly Value[]) {
  const nullCount = values.filter((value) => value === null).length;
  return { nullCount, nullBitmap: nullCount === 0 ? null : bitsOf(values, (value) => value !== null) };
}

function textBuffers(texts: readonly (string | null)[]) {
  const encoded = texts.map((text) => Buffer.from(text ?? '', 'utf8'));
  const valueOffsets = new Int32Array(texts.length + 1);
  encoded.forEach((bytes, i) => {
    valueOffsets[i + 1] = (valueOffsets[i] ?? 0) + bytes.length;
  });
  return { valueOffsets, data: new Uint8Array(Buffer.concat(encoded)) };
}

/** A decimal is an integer of 128 bits in four limbs of 32, least significant first; bigint shifts keep the sign. */
function limbsOf(unscaled: readonly (bigint | null)[]): Uint32Array {
  const limbs = new Uint32Array(unscaled.length * 4);
  unscaled.forEach((value, i) => {
    for (let limb = 0; limb < 4; limb++)
      limbs[i * 4 + limb] = Number(((value ?? 0n) >> BigInt(32 * limb)) & 0xffffffffn);
  });
  return limbs;
}
