import { type Column, type Contract, databaseOf, madeOf } from './contract.ts';

/**
 * The query of a view that shows a table as an older version had it, in SQL that Athena and DuckDB both take. It holds
 * names that the lint has let pass, and literals; nothing else that a person wrote.
 */
export function viewSql(view: Contract, newer: Contract): string {
  const columns = view.columns.map((column) => `${expressionOf(column, view, newer)} as ${quoted(column.name)}`);
  return `select\n  ${columns.join(',\n  ')}\nfrom ${quoted(databaseOf(newer))}.${quoted(newer.table)}`;
}

/** A column that is as it was stays untouched: a cast would cost the engine what it knows of it. */
function expressionOf(column: Column, view: Contract, newer: Contract): string {
  const { from, times, otherwise } = madeOf(view, column.name);
  const source = newer.columns.find(({ name }) => name === from);
  const value = times === undefined ? quoted(from) : `${quoted(from)} * ${literalOf(times, decimalOf(times))}`;
  const isAsItWas = times === undefined && source?.type === column.type;
  const typed = isAsItWas ? value : `cast(${value} as ${typeOf(column)})`;
  return otherwise === undefined ? typed : `coalesce(${typed}, ${literalOf(String(otherwise), typeOf(column))})`;
}

const quoted = (name: string): string => `"${name}"`;

const literalOf = (text: string, type: string): string => `cast('${text.replaceAll("'", "''")}' as ${type})`;

/** Just wide enough for the number: DuckDB gives a decimal without a size three digits behind the point. */
function decimalOf(number: string): string {
  const [whole = '', fraction = ''] = number.split('.');
  return `decimal(${whole.length + fraction.length},${fraction.length})`;
}

const WORDS: Readonly<Record<string, string>> = { string: 'varchar', int: 'integer', long: 'bigint' };

/** Nested columns are shown as they are, so that no cast names their type. */
const typeOf = ({ type }: Column): string => WORDS[type] ?? type;
