import type { Check, Column, Field, ROW_CHECKS } from '../contract/contract.ts';
import { duckdbType, quoteName, quoteText } from './duckdb-types.ts';

type RowKind = (typeof ROW_CHECKS)[number];
export type Named = Field & Pick<Column, 'name'>;
type Condition = (value: string, texts: readonly string[], column: Named) => string;

/** Bounds travel as text, so that they stay exact on their way into the column's type. */
export const literal = (text: string, column: Named): string => `CAST(${quoteText(text)} AS ${duckdbType(column)})`;
const literals = (texts: readonly string[], column: Named): string =>
  texts.map((text) => literal(text, column)).join(', ');

/** A number that is none lies in no range. */
const range =
  (operator: string): Condition =>
  (value, [text = ''], column) => {
    const isWithin = `${value} ${operator} ${literal(text, column)}`;
    return column.type === 'double' ? `(${isWithin} AND NOT isnan(${value}))` : isWithin;
  };

const number = (text = ''): string => String(Number.parseInt(text, 10));

const CONDITIONS: Readonly<Record<RowKind, Condition>> = {
  required: (value) => `${value} IS NOT NULL`,
  minimum: range('>='),
  exclusiveMinimum: range('>'),
  maximum: range('<='),
  exclusiveMaximum: range('<'),
  multipleOf: (value, [text = ''], column) => `${value} % ${literal(text, column)} = 0`,
  minLength: (value, [text]) => `length(${value}) >= ${number(text)}`,
  maxLength: (value, [text]) => `length(${value}) <= ${number(text)}`,
  pattern: (value, [text = '']) => `regexp_matches(${value}, ${quoteText(text)})`,
  format: (value, [text = '']) => `regexp_matches(${value}, ${quoteText(text)})`,
  enum: (value, texts, column) => `${value} IN (${literals(texts, column)})`,
  notIn: (value, texts, column) => `${value} NOT IN (${literals(texts, column)})`,
  notMissing: (value, texts, column) => `(${value} IS NOT NULL AND ${value} NOT IN (${literals(texts, column)}))`,
  minItems: (value, [text]) => `len(${value}) >= ${number(text)}`,
  maxItems: (value, [text]) => `len(${value}) <= ${number(text)}`,
  uniqueItems: (value) => `list_unique(${value}) = list_aggregate(${value}, 'count')`,
};

const NULL_FAILS: readonly string[] = ['required', 'notMissing'];

/** True when the row passes. A null is failed by `required` and `notMissing`, and passed over by all other checks. */
export function conditionOf(check: Check, column: Named): string {
  const value = quoteName(column.name);
  const texts = check.value === undefined ? (check.values ?? []) : [check.value];
  const passes = CONDITIONS[check.kind as RowKind](value, texts, column);
  return NULL_FAILS.includes(check.kind) ? passes : `(${value} IS NULL OR ${passes})`;
}
