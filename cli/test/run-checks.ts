import type { DuckDBConnection } from '@duckdb/node-api';
import type { Check } from '../../lib/contract/contract.ts';
import type { CheckResult } from '../../lib/plan/plan.ts';
import { compileDuckdb, type Pass, sharedPass, type Target } from '../../lib/quality/compile-duckdb.ts';
import { couldNotRun, judgeCheck } from '../../lib/quality/judge-check.ts';

/** Judge a table. A check that cannot run is reported, and stops no other. */
export async function runChecks(
  connection: DuckDBConnection,
  checks: readonly Check[],
  target: Target,
): Promise<CheckResult[]> {
  const results = new Map<string, CheckResult>();
  for (const pass of compileDuckdb(checks, target)) {
    for (const result of await runPass(connection, pass, target)) results.set(result.id, result);
  }
  return checks.flatMap(({ id }) => results.get(id) ?? []);
}

async function runPass(connection: DuckDBConnection, pass: Pass, target: Target): Promise<CheckResult[]> {
  try {
    return await answersOf(connection, pass);
  } catch (error) {
    if (pass.checks.length === 1) return pass.checks.map((check) => couldNotRun(check, firstLine(error)));
    // Rare: one check of the shared pass is at fault. A pass for each finds it.
    const alone = pass.checks.map((check) => runPass(connection, sharedPass([check], target), target));
    return (await Promise.all(alone)).flat();
  }
}

async function answersOf(connection: DuckDBConnection, { checks, sql }: Pass): Promise<CheckResult[]> {
  const reader = await connection.runAndReadAll(sql);
  const [rows, ...measured] = reader.getRowsJson()[0] ?? [];
  return checks.map((check, index) => judgeCheck(check, Number(rows), numberOf(measured[index])));
}

/** Whole numbers and decimals come as text. */
const numberOf = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));

const firstLine = (error: unknown): string =>
  String(error instanceof Error ? error.message : error).split('\n')[0] ?? '';
