import { open, stat } from 'node:fs/promises';
import { hasEnded, isHeld, newFile } from '../../../lambdas/shared/dynamo-file-ledger.ts';
import type {
  EndedPart,
  EndState,
  FileCounts,
  FileItem,
  FileLedger,
  FilePart,
  FileQueue,
  HeldFile,
  HeldState,
  LandedFile,
  LandedFiles,
  LargeFiles,
  OpenFile,
} from '../../../lambdas/shared/file-ports.ts';
import { placeOf } from '../../../lambdas/shared/file-shard.ts';
import type { LoadPlan } from '../../../lambdas/shared/load-documents.ts';
import type { Load, LoadLedger } from '../../../lambdas/shared/load-ports.ts';

/** When all files of the tests arrived. */
export const ARRIVED = 1_769_904_000_000_000n;

/** A bucket of files: what was put last is there. */
export class MemoryLandedFiles implements LandedFiles {
  private readonly contents = new Map<string, { etag: string; bytes: Uint8Array }>();
  isDown = false;

  /** Puts a file as S3 would announce it; equal content has an equal ETag. */
  put(key: string, content: Uint8Array | string, etag?: string): LandedFile {
    const bytes = Buffer.from(content);
    const file = {
      bucket: 'landing',
      key,
      size: bytes.length,
      etag: etag ?? `etag-${bytes.length}-${checksum(bytes)}`,
    };
    this.contents.set(key, { etag: file.etag, bytes });
    return file;
  }

  async open({ key, etag }: LandedFile): Promise<OpenFile | null> {
    const found = this.contents.get(key);
    if (this.isDown) throw new Error('S3 is down');
    if (found?.etag !== etag) return null;
    const read = async (from: number, to: number) => {
      if (this.isDown) throw new Error('S3 is down');
      return found.bytes.slice(from, to);
    };
    return { size: found.bytes.length, arrivedAt: ARRIVED, read };
  }
}

const checksum = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => (sum * 31 + byte) % 1_000_003, 7);

/** A file on the disk, as if it lay in the bucket. */
export async function openOnDisk(path: string): Promise<OpenFile & { close(): Promise<void> }> {
  const handle = await open(path);
  const { size } = await stat(path);
  const read = async (from: number, to: number) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  };
  return { size, arrivedAt: ARRIVED, read, close: () => handle.close() };
}

export class MemoryFileQueue implements FileQueue {
  readonly parts: FilePart[] = [];

  async send(parts: readonly FilePart[]): Promise<void> {
    // As the real one does: what cannot travel as JSON must not seem to.
    this.parts.push(...(JSON.parse(JSON.stringify(parts)) as FilePart[]));
  }
}

export class MemoryLargeFiles implements LargeFiles {
  readonly plans: LoadPlan[] = [];

  async load(plan: LoadPlan): Promise<void> {
    this.plans.push(JSON.parse(JSON.stringify(plan)) as LoadPlan);
  }
}

/** The file ledger's promises without DynamoDB; `file-ledger.test.ts` holds it to what the real one does. */
export class MemoryFileLedger implements FileLedger {
  readonly items = new Map<string, FileItem>();
  /** What went into tables, by table and hour: `<table> <hour>`. */
  readonly produced = new Map<string, number>();
  private readonly totals = new Map<string, FileCounts>();
  private readonly domain: string;

  constructor(domain: string) {
    this.domain = domain;
  }

  async announce(shard: string, file: LandedFile, at: string): Promise<FileItem> {
    const known = this.items.get(shard);
    if (known) return known;
    const item = newFile(this.domain, file, at);
    this.count(item.table, { announced: 1 });
    return this.put(shard, item);
  }

  async find(shard: string): Promise<FileItem | null> {
    return this.items.get(shard) ?? null;
  }

  async split(shard: string, parts: number, hour: string): Promise<void> {
    const item = this.get(shard);
    if (hasEnded(item) || item.parts === parts) return;
    const { reason: _, ...rest } = item;
    for (const [table, events] of Object.entries(item.produced)) this.produce(table, hour, -events);
    this.put(shard, { ...rest, parts, partsDone: [], rows: 0, landed: 0, refused: 0, produced: {} });
  }

  async endPart(shard: string, { index, of, hour, tally, reason }: EndedPart): Promise<FileItem> {
    const item = this.get(shard);
    if (hasEnded(item) || item.parts !== of || item.partsDone.includes(index)) return item;
    const produced = { ...item.produced };
    for (const [table, events] of Object.entries(tally.produced)) {
      this.produce(table, hour, events);
      produced[table] = (produced[table] ?? 0) + events;
    }
    return this.put(shard, {
      ...item,
      partsDone: [...item.partsDone, index],
      rows: item.rows + tally.rows,
      landed: item.landed + tally.landed,
      refused: item.refused + tally.refused,
      produced,
      ...(reason !== undefined && { reason }),
    });
  }

  async end(shard: string, state: EndState, at: string, reason?: string): Promise<void> {
    const item = this.get(shard);
    if (hasEnded(item)) return;
    this.put(shard, { ...item, state, endedAt: at, ...(reason !== undefined && { reason }) });
    this.count(item.table, { ended: 1, events: item.landed + item.refused });
  }

  async held(state: HeldState): Promise<readonly HeldFile[]> {
    const found = [...this.items].filter(([, item]) => item.state === state);
    return found.map(([shard, { uri, etag, size }]) => ({ shard, file: { ...placeOf(uri), etag, size } }));
  }

  async reopen(shard: string): Promise<FileItem> {
    const item = this.get(shard);
    if (!isHeld(item.state)) return item;
    const { reason: _, endedAt: __, ...rest } = item;
    this.count(item.table, { ended: -1 });
    return this.put(shard, { ...rest, state: 'open' });
  }

  async counts(): Promise<ReadonlyMap<string, FileCounts>> {
    return this.totals;
  }

  private count(table: string, more: Partial<FileCounts>): void {
    const { announced, ended, events } = this.totals.get(table) ?? { announced: 0, ended: 0, events: 0 };
    this.totals.set(table, {
      announced: announced + (more.announced ?? 0),
      ended: ended + (more.ended ?? 0),
      events: events + (more.events ?? 0),
    });
  }

  private produce(table: string, hour: string, events: number): void {
    const key = `${table} ${hour}`;
    this.produced.set(key, (this.produced.get(key) ?? 0) + events);
  }

  private get(shard: string): FileItem {
    const found = this.items.get(shard);
    if (!found) throw new Error(`ledger: no file '${shard}'; it was never announced`);
    return found;
  }

  private put(shard: string, item: FileItem): FileItem {
    this.items.set(shard, item);
    return item;
  }
}

/** Loads beside the files of a ledger; `load-ledger.test.ts` holds it to what the real one does. */
export class MemoryLoadLedger implements LoadLedger {
  private readonly requests = new Map<string, Load>();
  private readonly files: MemoryFileLedger;

  constructor(files: MemoryFileLedger) {
    this.files = files;
  }

  async request(shard: string, at: string): Promise<boolean> {
    const item = this.files.items.get(shard);
    if (item?.state !== 'open') return false;
    this.files.items.set(shard, { ...item, state: 'loading' });
    this.requests.set(shard, { shard, requestedAt: at, attempt: 1 });
    return true;
  }

  async active(): Promise<readonly Load[]> {
    const loads = [...this.requests.values()].filter(({ shard }) => this.files.items.get(shard)?.state === 'loading');
    return loads.sort((a, b) => (`${a.requestedAt} ${a.shard}` < `${b.requestedAt} ${b.shard}` ? -1 : 1));
  }

  async recordJob(load: Load): Promise<void> {
    const known = (await this.active()).find(({ shard }) => shard === load.shard);
    if (known && known.attempt <= load.attempt) this.requests.set(load.shard, { ...known, ...load });
  }
}
