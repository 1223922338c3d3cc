import {
  Field as ArrowField,
  Bool,
  type DataType,
  DateDay,
  Decimal,
  Float64,
  Int32,
  Int64,
  List,
  Struct,
  TimestampMicrosecond,
  Utf8,
} from 'apache-arrow';
import type { Column, Field, ScalarType } from '../contract/contract.ts';
import { BooleanColumn, type ColumnBuilder, INITIAL_LENGTH, IntegerColumn, NumberColumn } from './column-builder.ts';
import { ListColumn, StructColumn } from './nested-columns.ts';
import { TextColumn } from './text-column.ts';

/** A column's Arrow type. All are nullable: the gate enforces what is required, and storage stays free to evolve. */
export function arrowTypeOf(field: Field): DataType {
  if (field.type === 'array') return new List(new ArrowField('element', arrowTypeOf(elementOf(field)), true));
  if (field.type === 'struct') return new Struct((field.fields ?? []).map(arrowFieldOf));
  return scalarTypeOf(field.type);
}

export const arrowFieldOf = (column: Column): ArrowField => new ArrowField(column.name, arrowTypeOf(column), true);

/** A builder of these columns side by side: a row is a struct of them. */
export const tableBuilderOf = (columns: readonly Column[]): StructColumn =>
  columnBuilderOf({ type: 'struct', fields: columns }) as StructColumn;

/** An empty builder of a column's type. */
function columnBuilderOf(field: Field): ColumnBuilder {
  const type = arrowTypeOf(field);
  if (type instanceof List) return new ListColumn(type, columnBuilderOf(elementOf(field)));
  if (type instanceof Struct) {
    const members = (field.fields ?? []).map((column) => [column.name, columnBuilderOf(column)] as const);
    return new StructColumn(type, new Map(members));
  }
  if (type instanceof Utf8) return new TextColumn();
  if (type instanceof Bool) return new BooleanColumn(type);
  if (type instanceof Decimal) return new IntegerColumn(type, 4);
  if (type instanceof Int64 || type instanceof TimestampMicrosecond) return new IntegerColumn(type, 2);
  return new NumberColumn(
    type,
    type instanceof Float64 ? new Float64Array(INITIAL_LENGTH) : new Int32Array(INITIAL_LENGTH),
  );
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
