import type { Column, Field } from '../contract.ts';

export const SQL_DIALECTS = ['spark', 'duckdb'] as const;
export type SqlDialect = (typeof SQL_DIALECTS)[number];

/** A contract's type in a dialect's words. */
export const sqlTypeOf = (field: Field, dialect: SqlDialect): string =>
  dialect === 'spark' ? sparkTypeOf(field) : duckdbTypeOf(field);

const SPARK: Readonly<Record<string, string>> = { long: 'bigint' };

function sparkTypeOf({ type, items, fields = [] }: Field): string {
  if (type === 'array') return `array<${sparkTypeOf(items ?? TEXT)}>`;
  if (type === 'struct') return `struct<${fields.map((field) => sparkMember(field)).join(', ')}>`;
  return SPARK[type] ?? type;
}

const sparkMember = (column: Column): string =>
  `${quoteName(column.name, 'spark')}: ${sparkTypeOf(column)}${column.required ? ' not null' : ''}`;

/** A timestamp is a point in time, whatever zone it was written in. */
const DUCKDB: Readonly<Record<string, string>> = {
  string: 'varchar',
  int: 'integer',
  long: 'bigint',
  timestamp: 'timestamptz',
};

function duckdbTypeOf({ type, items, fields = [] }: Field): string {
  if (type === 'array') return `${duckdbTypeOf(items ?? TEXT)}[]`;
  if (type === 'struct')
    return `struct(${fields.map((field) => `${quoteName(field.name, 'duckdb')} ${duckdbTypeOf(field)}`).join(', ')})`;
  return DUCKDB[type] ?? type;
}

const TEXT: Field = { type: 'string' };

/** Quoted always: a column may be called `order`. */
export const quoteName = (name: string, dialect: SqlDialect): string =>
  dialect === 'spark' ? `\`${name.replaceAll('`', '``')}\`` : `"${name.replaceAll('"', '""')}"`;

/** Spark reads a doubled quote as the end of one literal and the begin of the next. */
export const quoteText = (text: string, dialect: SqlDialect): string =>
  dialect === 'spark' ? `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'` : `'${text.replaceAll("'", "''")}'`;
