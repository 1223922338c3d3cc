import type { FileAnnouncer, FileLedger, FileListing, HeldFile, ListedFile } from '../shared/file-ports.ts';
import { shardOf } from '../shared/file-shard.ts';
import type { MetricSink } from '../shared/ports.ts';
import { filesToCheck, isStranded, isToAnnounce, type Known, type Ticks } from './decide-files.ts';

export interface FileReconciler {
  readonly domain: string;
  readonly graceMinutes: number;
  readonly listing: FileListing;
  readonly ledger: Pick<FileLedger, 'find' | 'held'>;
  readonly queue: FileAnnouncer;
  readonly metrics: MetricSink;
}

export interface FilesReconciled {
  readonly listed: number;
  readonly announced: number;
  readonly stranded: number;
  readonly parked: number;
  readonly failed: number;
}

interface Checked {
  readonly file: ListedFile;
  readonly known: Known;
}

/** S3's notifications are hints too: a file that nobody landed is announced again. */
export async function reconcileFiles(reconciler: FileReconciler, now: Date): Promise<FilesReconciled> {
  const { domain, graceMinutes, listing, ledger, queue, metrics } = reconciler;
  const ticks: Ticks = { now, graceMinutes };
  const files = await listing.list(domain);
  const checked = await lookUp(filesToCheck(files, ticks), ledger);
  const due = checked.filter(({ file, known }) => isToAnnounce(file, known, ticks)).map(({ file }) => file);
  await queue.announce(due);
  const stranded = checked.filter(({ file, known }) => isStranded(file, known, ticks)).length;
  const parked = countLying(files, await ledger.held('parked'));
  const failed = countLying(files, await ledger.held('failed'));
  metrics.add('FilesAnnounced', 'Count', due.length);
  metrics.add('FilesStranded', 'Count', stranded);
  metrics.add('FilesParked', 'Count', parked);
  metrics.add('FilesFailed', 'Count', failed);
  return { listed: files.length, announced: due.length, stranded, parked, failed };
}

/** Held files wait for a person until they are asked for again, taken away or replaced. */
function countLying(files: readonly ListedFile[], held: readonly HeldFile[]): number {
  const lying = new Set(files.map(shardOf));
  return held.filter(({ shard }) => lying.has(shard)).length;
}

/** As many reads at once as the ledger takes with ease. */
const AT_ONCE = 50;

async function lookUp(files: readonly ListedFile[], ledger: Pick<FileLedger, 'find'>): Promise<Checked[]> {
  const checked: Checked[] = [];
  for (let i = 0; i < files.length; i += AT_ONCE)
    checked.push(...(await Promise.all(files.slice(i, i + AT_ONCE).map((file) => lookUpOne(file, ledger)))));
  return checked;
}

async function lookUpOne(file: ListedFile, ledger: Pick<FileLedger, 'find'>): Promise<Checked> {
  const item = await ledger.find(shardOf(file));
  if (!item) return { file, known: null };
  return { file, known: item.state === 'open' ? 'open' : 'settled' };
}
