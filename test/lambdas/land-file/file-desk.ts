import { readFileSync } from 'node:fs';
import { parquetReadObjects } from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { FileLander, type Outcome } from '../../../lambdas/land-file/land-file.ts';
import { loadPlanner } from '../../../lambdas/land-file/plan-load.ts';
import { destinations, fileTables } from '../../../lambdas/land-file/route-file.ts';
import type { FileItem, FilePart, LandedFile } from '../../../lambdas/shared/file-ports.ts';
import { shardOf } from '../../../lambdas/shared/file-shard.ts';
import { stageAll } from '../../../lambdas/shared/stage-tables.ts';
import { TempSpool } from '../../../lambdas/shared/temp-spool.ts';
import { WorkerFiles } from '../../../lambdas/shared/worker-files.ts';
import type { Contract } from '../../../lib/contract/contract.ts';
import { parquetEncoder } from '../../../lib/landing/encode-parquet.ts';
import { compileLanding } from '../../../lib/landing/landing.ts';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import { digestOf } from '../../../lib/source/event-digest.ts';
import { contracts, openSealer, SECRET } from '../../lib/landing/orders.ts';
import {
  ARRIVED,
  MemoryFileLedger,
  MemoryFileQueue,
  MemoryLandedFiles,
  MemoryLargeFiles,
} from '../fakes/memory-files.ts';
import { MemoryQueue, MemoryStaging } from '../fakes/memory-stores.ts';

const encode = parquetEncoder(readFileSync('node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm'));

export type Row = Record<string, unknown>;
export const STOCK = 'commerce.bronze.stock_counts';
export const QUARANTINE = 'commerce.ops.quarantine';
export const STOCK_FOLDER = 'landing/commerce/stock_counts/';

/** The worker as it is written; the bundle of the function holds the same. */
export const WORKER = new URL('../../../lambdas/land-file/binary-worker.ts', import.meta.url);

export const PLACES = {
  domain: 'commerce',
  landingBucket: 'landing',
  tokenSecretArn: 'arn of the tokens',
  eventIdSecretArn: 'arn of the ids',
  quarantineKeyArn: 'arn of the payloads',
};

export const EVENT_ID_KEY = 'a key of event ids, of sufficient length';

/** All that `land-file` needs, in memory, but for the readers, which are the real ones. */
export class FileDesk {
  readonly files = new MemoryLandedFiles();
  readonly ledger = new MemoryFileLedger('commerce');
  readonly queue = new MemoryFileQueue();
  readonly large = new MemoryLargeFiles();
  readonly staging = new MemoryStaging();
  readonly commits = new MemoryQueue();
  private readonly lander: FileLander;

  constructor({ partBytes = 1_000_000, largeBytes = 100_000_000, more = [] as readonly Contract[] } = {}) {
    const all = [...contracts, ...more];
    const staging = { encode, store: this.staging, queue: this.commits, ordered: false };
    this.lander = new FileLander(
      {
        files: this.files,
        ledger: this.ledger,
        queue: this.queue,
        large: this.large,
        landing: compileLanding('commerce', all, tokeniserOf(SECRET), openSealer),
        stage: (tables) => stageAll(tables, staging),
        destinationOf: destinations('commerce', all),
        binary: new WorkerFiles(WORKER),
        spool: new TempSpool(),
      },
      {
        tables: fileTables(all),
        largeBytes,
        partBytes,
        planLoad: loadPlanner(PLACES, all),
        digest: digestOf(EVENT_ID_KEY),
      },
    );
  }

  /** Announces a file, and lets its parts be landed until none is due. */
  async land(file: LandedFile, isShort = () => false): Promise<Outcome> {
    const outcome = await this.announce(file, isShort);
    await this.landDue(isShort);
    return outcome;
  }

  announce(file: LandedFile, isShort = () => false, again = false): Promise<Outcome> {
    return this.lander.take({ type: 'FileAnnounced', file, again }, clockOf(isShort));
  }

  async landDue(isShort = () => false): Promise<void> {
    for (let due = this.queue.parts.shift(); due; due = this.queue.parts.shift()) await this.landPart(due, isShort);
  }

  landPart(due: FilePart, isShort = () => false): Promise<Outcome> {
    return this.lander.take({ type: 'PartDue', due }, clockOf(isShort));
  }

  /** What the ledger knows of a file. */
  item(file: LandedFile): FileItem {
    const found = this.ledger.items.get(shardOf(file));
    if (!found) throw new Error(`the ledger knows nothing of ${file.key}`);
    return found;
  }

  /** The staged rows of a table in the order of their places, each once, as the committer would keep them. */
  async rows(table: string): Promise<Row[]> {
    const folder = `staged/${table.replaceAll('.', '/')}/`;
    const files = [...this.staging.files].filter(([key]) => key.startsWith(folder));
    const lists = await Promise.all(files.map(([, bytes]) => readParquet(bytes)));
    const byPlace = new Map(lists.flat().map((row) => [`${row._shard} ${row._sequence}`, row]));
    return [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }

  /** What went in by table, as the accounts know it; all files arrive in one hour. */
  produced(): Record<string, number> {
    const hour = new Date(Number(ARRIVED / 1000n)).toISOString().slice(0, 13);
    return Object.fromEntries([...this.ledger.produced].map(([key, events]) => [key.replace(` ${hour}`, ''), events]));
  }

  stagedFiles(): number {
    return this.staging.files.size;
  }
}

const clockOf = (isShort: () => boolean) => ({ now: () => '2026-01-01T00:00:00.000Z', isShort });

const readParquet = (bytes: Uint8Array): Promise<Row[]> =>
  parquetReadObjects({ file: bytes.slice().buffer as ArrayBuffer, compressors });

/** A number of a row, as its place holds it. */
export const numberOf = ({ _sequence }: Row): number => Number(String(_sequence).split('.')[0]);

export const HEADER = 'Product;Warehouse;Counted;On hand;Reserved;Unit cost;Note';
export const countLine = (product: string, units: number | string = 7, note = ''): string =>
  `${product};North;2026-01-31 18:30;${units};2;1.25;${note}`;

/** A file of the warehouse. */
export const csv = (...lines: readonly string[]): string => `${[HEADER, ...lines].join('\n')}\n`;
