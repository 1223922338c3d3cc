// Runs one contender over the batches in a folder, as a process of its own so that it can be pinned to one core:
// tsx bench/land/contender.ts <sluice|duckdb-gate|duckdb-ceiling> <folder> <batches> <rounds>
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parquetEncoder } from '../../lib/landing/encode-parquet.ts';
import { compileLanding, type StreamRecord } from '../../lib/landing/landing.ts';
import { sealerOf } from '../../lib/landing/seal.ts';
import { tokeniserOf } from '../../lib/landing/tokenise.ts';
import { figuresOf } from '../measure.ts';
import { connect, landCeiling, landWithDuckDb, SqlContract } from './duckdb-gate.ts';
import { paymentsContract, SECRET } from './payments.ts';

/** Lands a batch, and keeps its Parquet file when it has not been kept. @returns rows in the table */
type Lander = (batch: number, isKept: boolean) => Promise<number>;

const PROJECT = path.resolve(import.meta.dirname, '../..');
const [name = '', folder = '', batches = '', rounds = ''] = process.argv.slice(2);
const out = path.join(folder, name.replace('duckdb-', ''));
const recordsOf = (batch: number): StreamRecord[] =>
  JSON.parse(readFileSync(path.join(folder, `${batch}.records.json`), 'utf8'), (key, value) =>
    key === 'arrivedAt' ? BigInt(value) : value,
  );

const CONTENDERS: Readonly<Record<string, () => Promise<Lander>>> = {
  sluice: async () => {
    const encode = parquetEncoder(
      readFileSync(path.join(PROJECT, 'node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm')),
    );
    const sealer = sealerOf({ plain: Buffer.alloc(32, 1), encrypted: Buffer.alloc(150) });
    const gate = compileLanding('commerce', [paymentsContract()], tokeniserOf(SECRET), sealer);
    const all = Array.from({ length: Number(batches) }, (_, batch) => recordsOf(batch));
    return async (batch, isKept) => {
      for (const record of all[batch] ?? []) gate.takeRecord(record);
      const files = gate.drain().map((table) => ({ ...table, file: encode(table) }));
      const payments = files.find(({ table }) => table.endsWith('.payments'));
      if (isKept && payments) writeFileSync(path.join(out, `${batch}.parquet`), payments.file);
      return payments?.count ?? 0;
    };
  },
  'duckdb-gate': async () => {
    const connection = await connect();
    const sql = new SqlContract(paymentsContract(), SECRET);
    const all = Array.from({ length: Number(batches) }, (_, batch) => recordsOf(batch));
    return async (batch) =>
      (await landWithDuckDb(connection, sql, all[batch] ?? [], path.join(out, `${batch}.parquet`))).rows;
  },
  'duckdb-ceiling': async () => {
    const connection = await connect();
    const sql = new SqlContract(paymentsContract(), SECRET);
    return (batch) => landCeiling(connection, sql, path.join(folder, `${batch}.ndjson`));
  },
};

mkdirSync(out, { recursive: true });
const land = await CONTENDERS[name]?.();
if (!land) throw new Error(`no contender '${name}'; there are ${Object.keys(CONTENDERS).join(', ')}`);
const seconds: number[] = [];
let rows = 0;
for (let round = 0; round <= Number(rounds); round++) {
  for (let batch = 0; batch < Number(batches); batch++) {
    const started = performance.now();
    const landed = await land(batch, round === 0);
    if (round > 0)
      seconds.push((performance.now() - started) / 1000); // the first round warms up
    else rows += landed;
  }
}
process.stdout.write(`${JSON.stringify({ secondsPerBatch: figuresOf(seconds).median, rows })}\n`);
