// The design that was not chosen: DuckDB in the process, the contract compiled to SQL. Measured beside the one that was.
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Column, Contract, Field } from '../../lib/contract/contract.ts';
import type { StreamRecord } from '../../lib/landing/landing.ts';

/** Attributes of the envelope that a row needs. */
const ENVELOPE = ['specversion', 'id', 'source', 'type', 'time'];

/** A connection on one core, without what would need a file or the network. */
export async function connect(): Promise<DuckDBConnection> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '1' })).connect();
  await connection.run("SET TimeZone = 'UTC'; SET preserve_insertion_order = true");
  return connection;
}

/** The SQL of a contract: what JSON is read as, what each column becomes, and why a row is refused. */
export class SqlContract {
  private readonly contract: Contract;
  private readonly secret: string;

  constructor(contract: Contract, secret: string) {
    this.contract = contract;
    this.secret = secret;
  }

  /** @param format 'array' or 'newline_delimited' */
  source(file: string, format: string): string {
    const types = ENVELOPE.map((name) => `${name}: 'VARCHAR'`);
    const data = jsonTypeOf({ type: 'struct', fields: this.contract.columns }).replaceAll("'", "''");
    return `read_json('${file}', format = '${format}', columns = {${types.join(', ')}, data: '${data}'})`;
  }

  columns(): string {
    const columns = this.contract.columns.map((column) => `${this.valueOf(column)} AS "${column.name}"`);
    const envelope = ['id AS _event_id', 'source AS _source', 'TRY_CAST(time AS TIMESTAMPTZ) AS _event_time'];
    return [...columns, ...envelope].join(', ');
  }

  /** A list of what is wrong with a row; empty for a good one. */
  reasons(): string {
    const faults = [...ENVELOPE.map((name) => [`${name} IS NULL`, `${name} is required`])];
    faults.push([`time IS NOT NULL AND TRY_CAST(time AS TIMESTAMPTZ) IS NULL`, 'time is no timestamp']);
    for (const column of this.contract.columns) faults.push(...faultsOf(column, `data."${column.name}"`));
    const cases = faults.map(([fault, reason]) => `CASE WHEN ${fault} THEN '${reason?.replaceAll("'", "''")}' END`);
    return `list_filter([${cases.join(', ')}], reason -> reason IS NOT NULL)`;
  }

  isGood(): string {
    return `len(${this.reasons()}) = 0`;
  }

  private valueOf(column: Column): string {
    const value = `data."${column.name}"`;
    return column.masking?.from === 'bronze' ? tokenOf(value, this.secret) : typedOf(column, value);
  }
}

/** Lands one batch of records; the good rows' Parquet file is left at `file`. @returns good rows, and bad with reasons. */
export async function landWithDuckDb(
  connection: DuckDBConnection,
  sql: SqlContract,
  records: readonly StreamRecord[],
  file: string,
): Promise<{ rows: number; refused: readonly unknown[] }> {
  const spill = `${file}.json`; // there is no way in but a file
  const bodies = records.map(({ data }) => Buffer.from(data, 'base64').toString().slice(1, -1));
  writeFileSync(spill, `[${bodies.join(',')}]`);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE judged AS SELECT *, ${sql.reasons()} AS reasons FROM ${sql.source(spill, 'array')}`,
  );
  const good = `SELECT ${sql.columns()} FROM judged WHERE len(reasons) = 0`;
  const written = await connection.runAndReadAll(`COPY (${good}) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`);
  const refused = await connection.runAndReadAll(
    'SELECT to_json(judged) AS event, reasons FROM judged WHERE len(reasons) > 0',
  );
  rmSync(spill);
  return { rows: Number(written.getRows()[0]?.[0]), refused: refused.getRows() };
}

/** The ceiling: the same checks over events that lie in a file already, one a line, without a reason for any. */
export async function landCeiling(connection: DuckDBConnection, sql: SqlContract, events: string): Promise<number> {
  const file = path.join(path.dirname(events), 'ceiling', `${path.basename(events, '.ndjson')}.parquet`);
  const good = `SELECT ${sql.columns()} FROM ${sql.source(events, 'newline_delimited')} WHERE ${sql.isGood()}`;
  const written = await connection.runAndReadAll(`COPY (${good}) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`);
  return Number(written.getRows()[0]?.[0]);
}

/** What JSON is read as: what has to be exact, or could be mistyped, is read as text first. */
function jsonTypeOf(field: Field): string {
  if (field.type === 'array') return `${jsonTypeOf(field.items ?? { type: 'string' })}[]`;
  if (field.type === 'struct')
    return `STRUCT(${(field.fields ?? []).map((member) => `"${member.name}" ${jsonTypeOf(member)}`).join(', ')})`;
  const types = { int: 'INTEGER', long: 'BIGINT', double: 'DOUBLE', boolean: 'BOOLEAN' };
  return types[field.type as keyof typeof types] ?? 'VARCHAR';
}

function typedOf({ type }: Field, value: string): string {
  if (type === 'timestamp') return `TRY_CAST(${value} AS TIMESTAMPTZ)`;
  return type.startsWith('decimal') ? `TRY_CAST(${value} AS ${type})` : value;
}

function faultsOf(column: Column, value: string): string[][] {
  const faults = column.required ? [[`${value} IS NULL`, `${column.name} is required`]] : [];
  const typed = typedOf(column, value);
  if (typed !== value)
    faults.push([`${value} IS NOT NULL AND ${typed} IS NULL`, `${column.name} is no ${column.type}`]);
  for (const member of column.fields ?? []) faults.push(...faultsOf(member, `${value}."${member.name}"`));
  return faults;
}

/** HMAC-SHA256 by its definition, since SQL has none. */
function tokenOf(value: string, secret: string): string {
  const pad = (byte: number) => {
    const key = Buffer.alloc(64);
    key.write(secret);
    return `unhex('${Buffer.from(key.map((each) => each ^ byte)).toString('hex')}')`;
  };
  const inner = `unhex(sha256(${pad(0x36)} || encode(${value})))`;
  return `'tok_' || left(sha256(${pad(0x5c)} || ${inner}), 32)`;
}
