import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  type Row as AthenaRow,
  type ColumnInfo,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { OperationError } from '../shared/errors.ts';
import type { Row } from '../shared/format.ts';

const POLL_MS = 300;

/** Answers a statement in an account. The workgroup says where results go and what a query may cost. */
export async function queryAthena(client: AthenaClient, sql: string, workgroup: string): Promise<Row[]> {
  const { QueryExecutionId = '' } = await client.send(
    new StartQueryExecutionCommand({ QueryString: sql, WorkGroup: workgroup }),
  );
  await untilDone(client, QueryExecutionId);
  const rows: AthenaRow[] = [];
  let columns: ColumnInfo[] = [];
  for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId })) {
    columns = ResultSet?.ResultSetMetadata?.ColumnInfo ?? columns;
    rows.push(...(ResultSet?.Rows ?? []));
  }
  // Athena's first row repeats the names of the columns.
  return rows.slice(1).map((row) => rowOf(columns, row));
}

async function untilDone(client: AthenaClient, QueryExecutionId: string): Promise<void> {
  for (;;) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State, StateChangeReason } = QueryExecution?.Status ?? {};
    if (State === 'SUCCEEDED') return;
    if (State === 'FAILED' || State === 'CANCELLED') {
      throw new OperationError(
        `query ${QueryExecutionId} ${State.toLowerCase()}: ${StateChangeReason ?? 'no reason given'}`,
      );
    }
    await sleep(POLL_MS);
  }
}

const rowOf = (columns: readonly ColumnInfo[], { Data = [] }: AthenaRow): Row =>
  Object.fromEntries(
    columns.map(({ Name = '', Type = '' }, index) => [Name, jsonValue(Type, Data[index]?.VarCharValue)]),
  );

const NUMBERS = ['tinyint', 'smallint', 'integer', 'bigint', 'float', 'double', 'real'];

/** As JSON carries it: decimals, and integers that a number would round, stay text. */
export function jsonValue(type: string, text: string | undefined): string | number | boolean | null {
  if (text === undefined) return null;
  if (type === 'boolean') return text === 'true';
  if (!NUMBERS.includes(type)) return text;
  const value = Number(text);
  const isExact = Number.isInteger(value) ? Number.isSafeInteger(value) : Number.isFinite(value);
  return isExact ? value : text;
}
