import type { Field } from '../contract/contract.ts';

const SCALARS: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  int: 'INTEGER',
  long: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'TIMESTAMPTZ',
};

/** A contract's type as DuckDB's. */
export function duckdbType({ type, items, fields }: Field): string {
  if (type === 'array' && items) return `${duckdbType(items)}[]`;
  if (type === 'struct' && fields) {
    return `STRUCT(${fields.map((field) => `${quoteName(field.name)} ${duckdbType(field)}`).join(', ')})`;
  }
  return SCALARS[type] ?? type.toUpperCase();
}

/** A name that may hold any character. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text that may hold any character. */
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
