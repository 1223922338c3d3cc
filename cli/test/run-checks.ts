import type { DuckDBConnection } from '@duckdb/node-api';
import type { Check } from '../../lib/contract/contract.ts';
import type { CheckResult } from '../../lib/plan/plan.ts';
import { compileDuckdb, type Pass, sharedPass, type Target } from '../../lib/quality/compile-duckdb.ts';
import { quoteText } from '../../lib/quality/duckdb-types.ts';
import { couldNotRun, judgeCheck, sketched } from '../../lib/quality/judge-check.ts';

/** The longest that a pass may take: rules in SQL may be written so that they never end. */
const SQL_SECONDS = 60;

/** Judge a table. A check that cannot run is reported, and stops no other. */
export async function runChecks(
  connection: DuckDBConnection,
  checks: readonly Check[],
  target: Target,
  seconds = SQL_SECONDS,
): Promise<CheckResult[]> {
  const results = new Map<string, CheckResult>();
  for (const pass of compileDuckdb(checks, target)) {
    for (const result of await runPass(connection, pass, target, seconds)) results.set(result.id, result);
  }
  return checks.flatMap(({ id }) => results.get(id) ?? []);
}

async function runPass(
  connection: DuckDBConnection,
  pass: Pass,
  target: Target,
  seconds: number,
): Promise<CheckResult[]> {
  try {
    return await answersOf(connection, pass, seconds);
  } catch (error) {
    if (pass.checks.length === 1) return pass.checks.map((check) => couldNotRun(check, firstLine(error)));
    // Rare: one check of the shared pass is at fault. A pass for each finds it.
    const alone = pass.checks.map((check) => runPass(connection, sharedPass([check], target), target, seconds));
    return (await Promise.all(alone)).flat();
  }
}

async function answersOf(connection: DuckDBConnection, { checks, sql }: Pass, seconds: number): Promise<CheckResult[]> {
  for (const { query } of checks) if (query !== undefined) await refuseUnsafe(connection, query);
  const reader = await limited(connection, () => connection.runAndReadAll(sql), seconds);
  const [rows, ...measured] = reader.getRowsJson()[0] ?? [];
  return checks.map((check, index) => resultOf(check, Number(rows), measured[index]));
}

function resultOf(check: Check, rows: number, measured: unknown): CheckResult {
  if (Array.isArray(measured)) return sketched(check, rows, measured.map(Number));
  return judgeCheck(check, rows, numberOf(measured));
}

/** The contract's lint has read the statement with another parser; this is what DuckDB itself makes of it. */
async function refuseUnsafe(connection: DuckDBConnection, query: string): Promise<void> {
  const [[text] = []] = (
    await connection.runAndReadAll(`SELECT json_serialize_sql(${quoteText(query)})`)
  ).getRowsJson();
  const { error, error_message: message, statements = [] } = JSON.parse(String(text));
  if (error) throw new Error(message);
  if (statements.length !== 1) throw new Error(`found ${statements.length} statements, allowed: 1`);
}

/** What takes too long is interrupted, and fails. */
async function limited<T>(connection: DuckDBConnection, run: () => Promise<T>, seconds: number): Promise<T> {
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    connection.interrupt();
  }, seconds * 1000);
  try {
    return await run();
  } catch (error) {
    if (!isLate) throw error;
    throw new Error(`took longer than ${seconds} s, which is the limit of a rule`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/** Whole numbers and decimals come as text. */
const numberOf = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
