import {
  type DuckDBConnection,
  DuckDBInstance,
  DuckDBListType,
  DuckDBStructType,
  type DuckDBType,
  StatementType,
} from '@duckdb/node-api';
import type { DraftColumn, DraftField } from '../draft/draft.ts';
import { nameOf, snakeCase } from '../draft/snake-case.ts';
import { at, type Report } from '../problem.ts';
import { type Imported, type Importer, placeOf, UnreadableImportError } from './import.ts';
import { typeFromSql } from './types-from-sql.ts';

/** Comments on columns count as alterations. */
const ALLOWED = [StatementType.CREATE, StatementType.ALTER];
const SECONDS = 10;
/** Nothing but memory, and little of that: the statements are anybody's. */
const SETTINGS = {
  enable_external_access: 'false',
  allow_persistent_secrets: 'false',
  lock_configuration: 'true',
  memory_limit: '256MB',
  threads: '1',
};

/** `create table` statements, executed by DuckDB in memory and then described by it. */
export const importSql: Importer = async (text, report) => {
  const instance = await DuckDBInstance.create(':memory:', SETTINGS);
  const connection = await instance.connect();
  const timer = setTimeout(() => connection.interrupt(), SECONDS * 1000);
  try {
    await execute(connection, text);
    return await describeTables(connection, report);
  } catch (cause) {
    if (cause instanceof UnreadableImportError) throw cause;
    const [reason] = (cause as Error).message.split('\n');
    throw new UnreadableImportError(`DuckDB does not take the statements: ${reason}`, { cause });
  } finally {
    clearTimeout(timer);
    connection.closeSync();
    instance.closeSync();
  }
};

async function execute(connection: DuckDBConnection, text: string): Promise<void> {
  const statements = await connection.extractStatements(text);
  for (let index = 0; index < statements.count; index++) {
    const statement = await statements.prepare(index);
    if (!ALLOWED.includes(statement.statementType)) {
      const found = StatementType[statement.statementType]?.toLowerCase();
      throw new UnreadableImportError(`found a statement of type '${found}', allowed: create, comment on, alter`);
    }
    await statement.run();
  }
}

const TABLES = `select schema_name, table_name, comment from duckdb_tables() where not internal order by table_oid`;
const COLUMNS = `select column_name, is_nullable, comment, column_default from duckdb_columns()
  where schema_name = $1 and table_name = $2 order by column_index`;
const CONSTRAINTS = `select constraint_type, constraint_column_names, constraint_text from duckdb_constraints()
  where schema_name = $1 and table_name = $2 order by constraint_index`;

type Row = Record<string, unknown>;
const rowsOf = async (connection: DuckDBConnection, sql: string, values: string[] = []): Promise<Row[]> =>
  (await connection.runAndReadAll(sql, values)).getRowObjectsJson();

async function describeTables(connection: DuckDBConnection, report: Report): Promise<Imported[]> {
  const tables = await rowsOf(connection, TABLES);
  if (tables.length === 0) throw new UnreadableImportError("found no 'create table'");
  const imported: Imported[] = [];
  for (const { schema_name: schema, table_name: table, comment } of tables) {
    imported.push({
      ...placeOf(String(schema)),
      table: snakeCase(String(table)),
      purpose: textOf(comment),
      ...(await describeColumns(connection, String(schema), String(table), at(report, String(table)))),
    });
  }
  return imported;
}

const textOf = (found: unknown): string | undefined => (found === null ? undefined : String(found));

async function describeColumns(
  connection: DuckDBConnection,
  schema: string,
  table: string,
  report: Report,
): Promise<Pick<Imported, 'columns' | 'kept'>> {
  const from = [schema, table].map((name) => `"${name.replaceAll('"', '""')}"`).join('.');
  const types = (await connection.runAndReadAll(`select * from ${from} limit 0`)).columnTypes();
  const columns = await rowsOf(connection, COLUMNS, [schema, table]);
  const constraints = (await rowsOf(connection, CONSTRAINTS, [schema, table])).map(constraintOf);
  const others = constraints.filter((constraint) => !isRead(constraint));
  for (const { type, text } of others) report([], `no equal for ${type} '${text}'; kept as a custom property`);
  return {
    columns: columns.map((column, index) => columnOf(column, types[index] as DuckDBType, constraints, report)),
    kept: others.length > 0 ? [['sql.constraints', others.map(({ text }) => text)]] : [],
  };
}

interface Constraint {
  readonly type: string;
  readonly columns: readonly string[];
  readonly text: string;
}

const constraintOf = (row: Row): Constraint => ({
  type: String(row.constraint_type),
  columns: row.constraint_column_names as string[],
  text: String(row.constraint_text),
});

const isRead = ({ type, columns }: Constraint): boolean =>
  type === 'PRIMARY KEY' || type === 'NOT NULL' || (type === 'UNIQUE' && columns.length === 1);

function columnOf(row: Row, type: DuckDBType, constraints: readonly Constraint[], report: Report): DraftColumn {
  const name = String(row.column_name);
  const own = at(report, name);
  const key = constraints.find((each) => each.type === 'PRIMARY KEY')?.columns.indexOf(name) ?? -1;
  const isUnique = constraints.some((each) => each.type === 'UNIQUE' && each.columns.join() === name);
  const byDefault = textOf(row.column_default);
  if (byDefault) own(['default'], 'no equal; kept as a custom property');
  return {
    ...nameOf(name),
    ...fieldOf(type, own),
    description: textOf(row.comment),
    required: row.is_nullable === false,
    ...(key >= 0 && { keyPosition: key + 1 }),
    ...(isUnique && { unique: true }),
    ...(byDefault && { kept: [['sql.default', byDefault]] }),
  };
}

function fieldOf(type: DuckDBType, report: Report): DraftField & Pick<DraftColumn, 'doubts'> {
  if (type instanceof DuckDBListType) {
    const { doubts = [], ...items } = fieldOf(type.valueType, at(report, 'items'));
    return { type: 'array', items, doubts };
  }
  if (type instanceof DuckDBStructType) {
    const fields = type.entryNames.map((name, index) => ({
      ...nameOf(name),
      ...fieldOf(type.entryTypes[index] as DuckDBType, at(report, name)),
    }));
    return { type: 'struct', fields };
  }
  const known = typeFromSql(type.toString());
  if (known) return { type: known };
  report(['type'], `no equal for ${type}; proposed as text`);
  return { type: 'string', doubts: [`type: SQL says ${type}`] };
}
