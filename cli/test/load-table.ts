import type { DuckDBConnection } from '@duckdb/node-api';
import type { Column } from '../../lib/contract/contract.ts';
import type { CheckResult } from '../../lib/plan/plan.ts';
import { duckdbType, quoteName, quoteText } from '../../lib/quality/duckdb-types.ts';
import { UsageError } from '../shared/errors.ts';

/** How the rows of a file are read: names of its columns, and a column's value before it has its type. */
interface Source {
  readonly from: string;
  readonly names: string;
  readonly value: (column: Column) => string;
}

const asJson = (path: string): Source => {
  const from = `read_json_objects(${quoteText(path)}, format = 'auto')`;
  return {
    from,
    names: `SELECT DISTINCT unnest(json_keys(json)) FROM ${from}`,
    // A text is what stands between its quotes; what is nested is read as it is.
    value: ({ name, type }) => {
      const member = quoteText(`$.${JSON.stringify(name)}`);
      return type === 'array' || type === 'struct' ? `nullif(json -> ${member}, 'null')` : `(json ->> ${member})`;
    },
  };
};

const asColumns = (from: string): Source => ({
  from,
  names: `SELECT column_name FROM (DESCRIBE FROM ${from})`,
  value: ({ name }) => quoteName(name),
});

const SOURCES: Readonly<Record<string, (path: string) => Source>> = {
  csv: (path) => asColumns(`read_csv(${quoteText(path)}, all_varchar = true, header = true)`),
  parquet: (path) => asColumns(`read_parquet(${quoteText(path)})`),
  json: asJson,
  jsonl: asJson,
  ndjson: asJson,
};

function sourceOf(path: string): Source {
  const ending = /\.([a-z]+)(?:\.gz)?$/i.exec(path)?.[1]?.toLowerCase() ?? '';
  const source = SOURCES[ending];
  if (source) return source(path);
  throw new UsageError(`${path}: found '.${ending}', allowed: ${Object.keys(SOURCES).join(', ')}, and .gz of those`);
}

/**
 * Make a table of a file, with the contract's columns and types. Values that do not fit their type become null.
 * @returns what is to be said of the file's columns and of the types of its values
 */
export async function loadTable(
  connection: DuckDBConnection,
  table: string,
  path: string,
  columns: readonly Column[],
): Promise<CheckResult[]> {
  const source = sourceOf(path);
  const found = (await connection.runAndReadAll(source.names)).getRows().map(([name]) => String(name));
  const raw = columns.map((column) => (found.includes(column.name) ? source.value(column) : 'NULL'));
  const typed = columns.map((column, i) => `${typedOf(raw[i] ?? '', column)} AS ${quoteName(column.name)}`);
  await connection.run(`CREATE TABLE ${table} AS SELECT ${typed.join(', ')} FROM ${source.from}`);
  const misfits = columns.map((column, i) => `count(${raw[i]}) - count(${typedOf(raw[i] ?? '', column)})`);
  const counted = await connection.runAndReadAll(`SELECT ${['count(*)', ...misfits].join(', ')} FROM ${source.from}`);
  const [rows = 0, ...counts] = (counted.getRows()[0] ?? []).map(Number);
  return [columnsResult(found, columns), ...columns.map(({ name }, i) => typeResult(name, rows, counts[i] ?? 0))];
}

const typedOf = (raw: string, column: Column): string => `TRY_CAST(${raw} AS ${duckdbType(column)})`;

/** Columns that the contract does not have, but for Sluice's own, and those that are missing. */
function columnsResult(found: readonly string[], columns: readonly Column[]): CheckResult {
  const wanted = columns.map(({ name }) => name);
  const strange = found.filter((name) => !wanted.includes(name) && !name.startsWith('_'));
  const wrong = [...strange, ...wanted.filter((name) => !found.includes(name))];
  const error = `columns differ from the contract in ${wrong.join(', ')}; allowed: ${wanted.join(', ')}`;
  return structural('columns', 'columns_as_in_contract', wanted.length, wrong.length, wrong.length > 0 ? error : null);
}

const typeResult = (name: string, rows: number, misfits: number): CheckResult =>
  structural(`type:${name}`, `${name}_type`, rows, misfits, null);

const structural = (
  id: string,
  name: string,
  evaluated: number,
  failed: number,
  error: string | null,
): CheckResult => ({
  ...{ id, name, onFailure: 'block', blockAbovePercent: null, evaluated, failed, error, actual: failed, sample: [] },
});
