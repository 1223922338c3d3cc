import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parquetEncoder } from '../../../lib/landing/encode-parquet.ts';

const PROJECT = path.resolve(import.meta.dirname, '../../..');
export const encode = parquetEncoder(
  readFileSync(path.join(PROJECT, 'node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm')),
);

export interface Read {
  readonly types: Readonly<Record<string, string>>;
  readonly codec: string;
  readonly pyarrow: readonly Record<string, unknown>[];
  readonly duckdb: readonly Record<string, unknown>[];
}

/** Reads a Parquet file with engines that had no part in writing it. */
export function readBack(file: Uint8Array): Read {
  const script = path.join(import.meta.dirname, 'read_parquet.py');
  const { stdout, stderr } = spawnSync(path.join(PROJECT, '.venv/bin/python'), [script], {
    input: file,
    maxBuffer: 1e9,
  });
  if (stdout.length === 0) throw new Error(stderr.toString());
  return JSON.parse(stdout.toString());
}
