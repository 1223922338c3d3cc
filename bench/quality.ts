// The same 25 rules on a million order lines, beside Great Expectations and PyDeequ, in one run:
// npm run bench:quality -- --data <folder of daily CSV files or of their archive> [--rows n] [--rounds n] [--json]
// The peers are no part of the project: they go into an environment of their own, under the user's cache.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, homedir, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { runChecks } from '../cli/test/run-checks.ts';
import { quoteText } from '../lib/quality/duckdb-types.ts';
import { figuresOf, timed } from './measure.ts';
import { COLUMNS, RULES } from './quality/rules.ts';

const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
});
if (values.data === undefined) throw new Error('--data: name the folder of the real order lines');

type Failed = Readonly<Record<string, number | null>>;
interface Measured {
  readonly seconds: number;
  readonly failed: Failed;
}

const PROJECT = path.resolve(import.meta.dirname, '..');
const HERE = path.join(import.meta.dirname, 'quality');
const PYTHON = path.join(PROJECT, '.venv/bin/python');
const folder = mkdtempSync(path.join(tmpdir(), 'bench-quality-'));
const [lines, rules] = [path.join(folder, 'lines.parquet'), path.join(folder, 'rules.json')];

/** The peers' environment, made once. */
function peers(): string {
  const home = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'sluice', 'bench-quality');
  const python = path.join(home, 'bin', 'python');
  if (existsSync(path.join(home, '.ready'))) return python;
  timed(PYTHON, ['-m', 'venv', '--clear', home]);
  timed(python, ['-m', 'pip', 'install', '--quiet', '-r', path.join(HERE, 'requirements.txt')]);
  writeFileSync(path.join(home, '.ready'), '');
  return python;
}

/** Judges the lines with Spark, in a process of its own. */
function onSpark(python: string, script: string): Measured {
  const args = [path.join(HERE, script), lines, rules, values.rounds];
  const { status, stdout, stderr } = spawnSync(python, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${script} ended with ${status}: ${stderr.slice(-3000)}`);
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

async function onDuckdb(): Promise<Measured> {
  const connection = await (await DuckDBInstance.create(':memory:', { threads: String(cpus().length) })).connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`CREATE VIEW lines AS FROM read_parquet(${quoteText(lines)})`);
  const target = { table: 'lines', columns: COLUMNS, now: '2026-01-01T00:00:00Z', nameOf: (id: string) => id };
  const seconds: number[] = [];
  let failed: Failed = {};
  for (let round = 0; round <= Number(values.rounds); round++) {
    const started = performance.now();
    const results = await runChecks(connection, RULES, target);
    if (round > 0) seconds.push((performance.now() - started) / 1000); // the first round warms up
    failed = Object.fromEntries(results.map((result) => [result.id, result.error === null ? result.failed : null]));
  }
  connection.closeSync();
  return { seconds: figuresOf(seconds).median, failed };
}

/** Rules of which a contender says something else, and what. */
const differences = (failed: Failed, expected: Failed): string[] =>
  RULES.filter(({ id }) => failed[id] !== expected[id]).map(
    ({ id }) => `${id}: ${failed[id]} instead of ${expected[id]}`,
  );

function tell(name: string, { seconds, failed }: Measured, expected: Failed): void {
  const notes = differences(failed, expected).map((note) => `    ${note}\n`);
  process.stdout.write(`${name.padEnd(24)} ${seconds.toFixed(2).padStart(7)} s\n${notes.join('')}`);
}

try {
  const python = peers();
  timed(PYTHON, [path.join(HERE, 'make_lines.py'), values.data, values.rows, lines]);
  writeFileSync(rules, JSON.stringify({ columns: COLUMNS, checks: RULES }));
  const expected: Failed = JSON.parse(timed(PYTHON, [path.join(HERE, 'count_failures.py'), lines]).output);
  process.stdout.write(`${values.rows} order lines, ${RULES.length} rules, load ${loadavg()[0]?.toFixed(1)}\n`);
  const spark = onSpark(PYTHON, 'sluice_spark.py');
  const duckdb = await onDuckdb();
  const gx = onSpark(python, 'gx_spark.py');
  const deequ = onSpark(python, 'deequ_spark.py');
  tell('plan on Spark', spark, expected);
  tell('plan on DuckDB', duckdb, expected);
  tell('Great Expectations 1.24', gx, expected);
  tell('PyDeequ 1.4.0', deequ, expected);
  const beside = ({ seconds }: Measured) => ({
    vsGreatExpectations: Number((gx.seconds / seconds).toFixed(2)),
    vsPyDeequ: Number((deequ.seconds / seconds).toFixed(2)),
  });
  const verdictsEqual = [spark, duckdb].every(({ failed }) => differences(failed, expected).length === 0);
  const figures = { spark: beside(spark), duckdb: beside(duckdb), verdictsEqual, rules: RULES.length };
  if (values.json) process.stdout.write(`${JSON.stringify({ ...figures, load: loadavg()[0] })}\n`);
  if (!verdictsEqual) process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true });
}
