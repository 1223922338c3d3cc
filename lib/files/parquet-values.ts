import { isUtf8 } from 'node:buffer';
import type { SchemaElement, SchemaTree } from 'hyparquet';
import { decimalText, isoDate, isoTime, signedOf } from './exact-text.ts';
import type { Found } from './file-rows.ts';

type Convert = (value: unknown) => unknown;

/** A value that has no form in which the gate could judge it. Its message names no value. */
class BadValueError extends Error {}

/**
 * Makes rows of a Parquet file what rows of JSON are: decimals and big integers exact as text, times in ISO 8601. Takes
 * the annotations off the schema's leaves, so that hyparquet hands out the plain values: it would make floats of decimals.
 */
export function compileRowReader(schema: SchemaTree): (row: Record<string, unknown>, number: number) => Found {
  const columns = schema.children.map((child) => [child.element.name, converterOf(child)] as const);
  return (row, number) => {
    const data: Record<string, unknown> = {};
    for (const [name, convert] of columns) {
      try {
        data[name] = convert(row[name]);
      } catch (error) {
        if (!(error instanceof BadValueError)) throw error;
        return { type: 'BadRow', number, reason: `column '${name.slice(0, 100)}' ${error.message}` };
      }
    }
    return { type: 'Row', number, data };
  };
}

function converterOf(node: SchemaTree): Convert {
  const [child] = node.children;
  if (child && isList(node)) return listOf(converterOf(child.children.length === 1 ? onlyChild(child) : child));
  const own = child ? (isMap(node) ? mapOf(node) : structOf(node)) : orNull(leafOf(node.element));
  return node.element.repetition_type === 'REPEATED' ? listOf(own) : own;
}

const onlyChild = (node: SchemaTree): SchemaTree => node.children[0] ?? node;

const isList = ({ element, children: [child, ...others] }: SchemaTree): boolean =>
  element.converted_type === 'LIST' &&
  others.length === 0 &&
  child?.element.repetition_type === 'REPEATED' &&
  child.children.length <= 1;

const isMap = ({ element, children: [child, ...others] }: SchemaTree): boolean =>
  element.converted_type === 'MAP' && others.length === 0 && child?.children.length === 2;

const orNull =
  (convert: Convert): Convert =>
  (value) =>
    value === null || value === undefined ? null : convert(value);

const listOf = (convert: Convert): Convert => orNull((value) => (value as unknown[]).map(convert));

function structOf({ children }: SchemaTree): Convert {
  const members = children.map((child) => [child.element.name, converterOf(child)] as const);
  return orNull((value) =>
    Object.fromEntries(members.map(([name, convert]) => [name, convert((value as Record<string, unknown>)[name])])),
  );
}

function mapOf({ children: [entry] }: SchemaTree): Convert {
  const value = entry?.children.find(({ element }) => element.name === 'value');
  const convert = value ? converterOf(value) : () => null;
  return orNull((entries) =>
    Object.fromEntries(Object.entries(entries as object).map(([key, each]) => [key, convert(each)])),
  );
}

/** Takes the annotation of a leaf away and gives what it means instead. */
function leafOf(element: SchemaElement): Convert {
  const { type, converted_type: converted, logical_type: logical, scale = 0 } = element;
  delete element.converted_type;
  delete element.logical_type;
  const meaning = logical?.type ?? converted;
  if (meaning === 'DECIMAL') {
    const digits = logical?.type === 'DECIMAL' ? logical.scale : scale;
    return (value) => decimalText(value instanceof Uint8Array ? signedOf(value) : BigInt(value as number), digits);
  }
  if (meaning === 'DATE') return (value) => isoDate(Number(value));
  if (logical?.type === 'TIMESTAMP') return timeOf(NANOS[logical.unit], logical.isAdjustedToUTC);
  if (converted === 'TIMESTAMP_MILLIS' || converted === 'TIMESTAMP_MICROS')
    return timeOf(NANOS[converted === 'TIMESTAMP_MILLIS' ? 'MILLIS' : 'MICROS'], true);
  if (type === 'INT96') return timeOf(1n, true);
  if (converted === 'UINT_64' || (logical?.type === 'INTEGER' && logical.bitWidth === 64 && !logical.isSigned))
    return (value) => plain(BigInt.asUintN(64, value as bigint));
  if (converted === 'UINT_32' || (logical?.type === 'INTEGER' && logical.bitWidth === 32 && !logical.isSigned))
    return (value) => (value as number) >>> 0;
  return meaning === undefined || TEXT.has(meaning) || type === 'INT32' || type === 'INT64'
    ? plain
    : unknownMeaning(meaning);
}

const TEXT: ReadonlySet<string> = new Set(['UTF8', 'STRING', 'ENUM', 'JSON']);
const NANOS = { MILLIS: 1_000_000n, MICROS: 1000n, NANOS: 1n } as const;

const unknownMeaning =
  (meaning: string): Convert =>
  () => {
    throw new BadValueError(`is of type ${meaning}, which no contract has`);
  };

/** Without a zone where the file gives none: the gate then says so. */
const timeOf =
  (unit: bigint, isUtc: boolean): Convert =>
  (value) =>
    isoTime(BigInt(value as bigint) * unit) + (isUtc ? 'Z' : '');

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  if (!(value instanceof Uint8Array)) return value;
  if (!isUtf8(value)) throw new BadValueError('has bytes that are no UTF-8 text');
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('utf8');
}
