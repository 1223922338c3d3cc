// Rows that land per second and core, beside what else could land them: npm run bench:land -- [--json] [--batches n] [--rounds n]
// Each contender is a process of its own on one core; its output is counted and added up by DuckDB.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { connect } from './land/duckdb-gate.ts';
import { packed, payments, SECRET } from './land/payments.ts';

interface Measured {
  readonly secondsPerBatch: number;
  readonly rows: number;
}

interface Contender {
  readonly name: string;
  readonly does: string;
  readonly command: readonly string[];
  /** Events that break the contract land too. */
  readonly isUnchecked?: boolean;
  /** Of the amount in its Parquet files. */
  readonly amount?: string;
}

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    batches: { type: 'string', default: '10' },
    rounds: { type: 'string', default: '5' },
  },
});
const EVENTS = 10_000;
const EVENTS_PER_RECORD = 200;
const PROJECT = path.resolve(import.meta.dirname, '..');
const folder = mkdtempSync(path.join(tmpdir(), 'bench-land-'));
const core = String(cpus().length - 1);
const expected = writeInput();

const node = (name: string) => [
  path.join(PROJECT, 'node_modules/.bin/node'),
  '--import=tsx',
  path.join(import.meta.dirname, 'land/contender.ts'),
  name,
  folder,
  values.batches,
  values.rounds,
];
const python = (script: string, ...args: string[]) => [
  path.join(PROJECT, '.venv/bin/python'),
  path.join(import.meta.dirname, 'land', script),
  folder,
  values.batches,
  ...args,
];
const CONTENDERS: readonly Contender[] = [
  { name: 'sluice', does: 'land-records: bytes to columns, parquet-wasm', command: node('sluice') },
  {
    name: 'spark',
    does: 'Spark Structured Streaming, local[1], Delta',
    command: python('spark_stream.py', SECRET, '3'),
  },
  {
    name: 'delta-rs',
    does: 'delta-rs, no checks, no tokens',
    command: python('delta_rs.py', values.rounds),
    isUnchecked: true,
    amount: '"data.amount"',
  },
  { name: 'ceiling', does: 'DuckDB, NDJSON file to Parquet, no reasons', command: node('duckdb-ceiling') },
  { name: 'gate', does: 'DuckDB in the function, with reasons', command: node('duckdb-gate') },
];

function writeInput() {
  const sums = { rows: 0, cents: 0, badRows: 0, badCents: 0 };
  for (let batch = 0; batch < Number(values.batches); batch++) {
    const events = payments(EVENTS, batch + 1);
    for (const { cents, fits } of events) {
      sums[fits ? 'rows' : 'badRows'] += 1;
      sums[fits ? 'cents' : 'badCents'] += cents;
    }
    const records = packed(events, EVENTS_PER_RECORD);
    const asText = (_key: string, value: unknown) => (typeof value === 'bigint' ? String(value) : value);
    writeFileSync(path.join(folder, `${batch}.records.json`), JSON.stringify(records, asText));
    writeFileSync(path.join(folder, `${batch}.ndjson`), `${events.map(({ json }) => json).join('\n')}\n`);
  }
  return sums;
}

/** @returns rows per second and core */
async function measure(contender: Contender): Promise<number> {
  const { status, stdout, stderr } = spawnSync('taskset', ['-c', core, ...contender.command], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${contender.name} ended with ${status}: ${stderr.slice(-2000)}`);
  const { secondsPerBatch, rows }: Measured = JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  await verify(contender, rows);
  return EVENTS / secondsPerBatch;
}

/** A contender that loses rows, or lands bad ones, has no figure. */
async function verify({ name, isUnchecked, amount = 'amount' }: Contender, said: number): Promise<void> {
  const connection = await connect();
  const found = await connection.runAndReadAll(
    `SELECT count(*), sum(CAST(${amount} AS DECIMAL(18,2))) FROM read_parquet('${folder}/${name}/*.parquet')`,
  );
  const [rows, total] = (found.getRows()[0] ?? []).map(String);
  const due = isUnchecked ? expected.rows + expected.badRows : expected.rows;
  const cents = isUnchecked ? expected.cents + expected.badCents : expected.cents;
  if (Number(rows) !== due || said !== due || total !== (cents / 100).toFixed(2))
    throw new Error(`${name}: found ${rows} rows of ${total} in all; expected ${due} of ${(cents / 100).toFixed(2)}`);
}

const rates: Record<string, number> = {};
process.stdout.write(`${values.batches} batches of ${EVENTS} events, core ${core}, load ${loadavg()[0]?.toFixed(1)}\n`);
for (const contender of CONTENDERS) {
  rates[contender.name] = await measure(contender);
  const rate = Math.round(rates[contender.name] ?? 0).toLocaleString('en');
  process.stdout.write(`${contender.name.padEnd(9)} ${rate.padStart(9)} rows/s  ${contender.does}\n`);
}
rmSync(folder, { recursive: true });
const ratio = (other: string) => Number(((rates.sluice ?? 0) / (rates[other] ?? 0)).toFixed(2));
const figures = {
  rowsPerSecondPerCore: Math.round(rates.sluice ?? 0),
  vsSparkStreaming: ratio('spark'),
  vsDeltaRs: ratio('delta-rs'),
  vsDuckDbCeiling: ratio('ceiling'),
  vsDuckDbGate: ratio('gate'),
  load: loadavg()[0],
};
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
