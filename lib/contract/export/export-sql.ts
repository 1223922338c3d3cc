import { type Column, type Contract, databaseOf, type Field } from '../contract.ts';
import type { Report } from '../problem.ts';
import type { Exporter } from './export.ts';
import { isRequired, reportChecks, reportPrivacy, withRequired } from './report-checks.ts';
import { quoteName, quoteText, type SqlDialect, sqlTypeOf } from './types-in-sql.ts';

/** `create table` with types, nulls, the key and comments. The quality plan runs the rules, not the table. */
export const exportSql =
  (dialect: SqlDialect): Exporter =>
  (source, report) => {
    const contract = withRequired(source.contract);
    const key = dialect === 'duckdb' ? primaryKeyOf(contract) : [];
    reportChecks(
      contract,
      report,
      (check) => isRequired(check) || (key.length > 0 && check.id === 'primary_key.unique'),
    );
    reportPrivacy(report);
    if (dialect === 'duckdb') reportNested(contract.columns, report);
    return dialect === 'spark' ? sparkTable(contract) : duckdbTable(contract, key);
  };

const primaryKeyOf = ({ checks }: Contract): readonly string[] =>
  checks.find(({ id }) => id === 'primary_key.unique')?.columns ?? [];

/** Comments of Spark stand with what they are about. */
function sparkTable(contract: Contract): string {
  const name = `${quoteName(databaseOf(contract), 'spark')}.${quoteName(contract.table, 'spark')}`;
  const columns = contract.columns.map(
    (column) =>
      `  ${columnLine(column, 'spark')}${column.description ? ` comment ${quoteText(column.description, 'spark')}` : ''}`,
  );
  return [
    `create schema if not exists ${quoteName(databaseOf(contract), 'spark')};`,
    `create table ${name} (\n${columns.join(',\n')}\n) using delta`,
    `comment ${quoteText(contract.description, 'spark')};\n`,
  ].join('\n');
}

function duckdbTable(contract: Contract, key: readonly string[]): string {
  const name = `${quoteName(databaseOf(contract), 'duckdb')}.${quoteName(contract.table, 'duckdb')}`;
  const lines = contract.columns.map((column) => `  ${columnLine(column, 'duckdb')}`);
  if (key.length > 0) lines.push(`  primary key (${key.map((column) => quoteName(column, 'duckdb')).join(', ')})`);
  const comments = contract.columns.flatMap(({ name: column, description }) =>
    description
      ? [`comment on column ${name}.${quoteName(column, 'duckdb')} is ${quoteText(description, 'duckdb')};`]
      : [],
  );
  return [
    `create schema if not exists ${quoteName(databaseOf(contract), 'duckdb')};`,
    `create table ${name} (\n${lines.join(',\n')}\n);`,
    `comment on table ${name} is ${quoteText(contract.description, 'duckdb')};`,
    ...comments,
    '',
  ].join('\n');
}

const columnLine = (column: Column, dialect: SqlDialect): string =>
  `${quoteName(column.name, dialect)} ${sqlTypeOf(column, dialect)}${column.required ? ' not null' : ''}`;

function reportNested(columns: readonly Column[], report: Report): void {
  for (const { name, items, fields } of columns) {
    const members = membersOf({ type: 'struct', ...(items && { items }), ...(fields && { fields }) });
    if (members.some(({ required }) => required)) report([name], "DuckDB has no 'not null' within nested values");
  }
}

/** The members of a nested value, at any depth. */
const membersOf = ({ items, fields = [] }: Field): readonly Column[] => [
  ...(items ? membersOf(items) : []),
  ...fields.flatMap((field) => [field, ...membersOf(field)]),
];
