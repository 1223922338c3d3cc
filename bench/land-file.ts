import { once } from 'node:events';
import { createWriteStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FileLander } from '../lambdas/land-file/land-file.ts';
import { destinations, fileTables } from '../lambdas/land-file/route-file.ts';
import { stageAll } from '../lambdas/shared/stage-tables.ts';
import { TempSpool } from '../lambdas/shared/temp-spool.ts';
import { WorkerFiles } from '../lambdas/shared/worker-files.ts';
import { loadContracts } from '../lib/contract/load-contracts.ts';
import { parquetEncoder } from '../lib/landing/encode-parquet.ts';
import { compileLanding } from '../lib/landing/landing.ts';
import { tokeniserOf } from '../lib/landing/tokenise.ts';
import { digestOf } from '../lib/source/event-digest.ts';
import { MemoryFileLedger, MemoryFileQueue, MemoryLargeFiles, openOnDisk } from '../test/lambdas/fakes/memory-files.ts';

/** Lands a made-up file of the warehouse from the disk: rows a second, and the most memory the process took. */
const MB = 1024 * 1024;
const root = path.resolve(import.meta.dirname, '..');
const [megabytes = 300] = process.argv
  .slice(2)
  .filter((arg) => arg !== '--json')
  .map(Number);

async function writeFile(file: string): Promise<number> {
  const out = createWriteStream(file);
  out.write('Product;Warehouse;Counted;On hand;Reserved;Unit cost;Note\n');
  let rows = 0;
  for (let bytes = 0; bytes < megabytes * MB; rows += 1) {
    const line = `P${rows};North;2026-01-31 18:30;${rows % 1000};${rows % 7};${rows % 90}.2500;"row ${rows}; as counted"\n`;
    bytes += line.length;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return rows;
}

function notHere(): never {
  throw new Error('nothing is too large for the bench');
}

const folder = mkdtempSync(path.join(tmpdir(), 'bench-file-'));
const file = path.join(folder, 'counts.csv');
const rows = await writeFile(file);
const contracts = loadContracts(root);
const open = await openOnDisk(file);
const queue = new MemoryFileQueue();
const ledger = new MemoryFileLedger('commerce');
let peak = 0;
const measure = (): void => {
  peak = Math.max(peak, process.memoryUsage.rss());
};
const staging = {
  encode: parquetEncoder(readFileSync(path.join(root, 'node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm'))),
  store: { put: async (key: string) => `s3://landing/${key}` },
  queue: { send: async () => measure() },
  ordered: false,
};
const lander = new FileLander(
  {
    files: { open: async () => open },
    ledger,
    queue,
    large: new MemoryLargeFiles(),
    landing: compileLanding('commerce', contracts, tokeniserOf('a secret of the bench, of sufficient length'), {
      seal: (text) => text,
    }),
    stage: (tables) => stageAll(tables, staging),
    destinationOf: destinations('commerce', contracts),
    binary: new WorkerFiles(new URL('../lambdas/land-file/binary-worker.ts', import.meta.url)),
    spool: new TempSpool(),
  },
  {
    tables: fileTables(contracts),
    largeBytes: Number.MAX_SAFE_INTEGER,
    partBytes: 64 * MB,
    planLoad: notHere,
    digest: digestOf('a key of the bench, of sufficient length'),
  },
);
const clock = { now: () => new Date().toISOString(), isShort: () => false };
const landed = { bucket: 'landing', key: 'landing/commerce/stock_counts/counts.csv', size: open.size, etag: 'bench' };
const started = performance.now();
await lander.take({ type: 'FileAnnounced', file: landed }, clock);
const planned = performance.now();
const parts = queue.parts.length;
for (let due = queue.parts.shift(); due; due = queue.parts.shift()) await lander.take({ type: 'PartDue', due }, clock);
const seconds = (performance.now() - started) / 1000;
await open.close();
rmSync(folder, { recursive: true });
const result = {
  megabytes,
  rows,
  landed: [...ledger.items.values()][0]?.landed,
  parts,
  // A file below the size of a part is landed at once, without being cut.
  cutSeconds: parts > 0 ? Math.round(planned - started) / 1000 : 0,
  rowsPerSecond: Math.round(rows / seconds),
  peakRssMb: Math.round(peak / MB),
};
if (!process.argv.includes('--json')) console.table([result]);
console.log(JSON.stringify(result));
