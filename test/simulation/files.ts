import type { FileMessage } from '../../lambdas/land-file/file-message.ts';
import { FileLander } from '../../lambdas/land-file/land-file.ts';
import { destinations, fileTables } from '../../lambdas/land-file/route-file.ts';
import type { FileItem, LandedFile, LandedFiles } from '../../lambdas/shared/file-ports.ts';
import { shardOf } from '../../lambdas/shared/file-shard.ts';
import type { LandedTable } from '../../lib/landing/landing.ts';
import { CONTRACTS, DOMAIN, type SimEvent } from './events.ts';
import { fileLedgerOf } from './file-ledger.ts';
import { GATES } from './gate.ts';
import { type Fault, type Invocation, Outage } from './invocation.ts';
import { stage } from './land.ts';
import type { World } from './world.ts';

/** One version of an object under `landing/`: a CloudEvent a line. */
export interface FileObject extends LandedFile {
  readonly content: Buffer;
  readonly arrivedAt: bigint;
  readonly lines: readonly SimEvent[];
  /** Where its lines were put, as the books know them. */
  readonly places: readonly string[];
  announcements: number;
}

/** A message of the queue of files; that of a file is a hint, which may come twice, late or never. */
interface Waiting {
  readonly message: FileMessage;
  receives: number;
}

const BUCKET = 'landing';
const MAX_RECEIVES = 5;
/** So that most files are cut into parts, of two lines or so. */
const PART_BYTES = 400;

/** Files that wait to be landed, and what the ledger says of those that were. */
export class Files {
  readonly objects: FileObject[] = [];
  readonly waiting: Waiting[] = [];
  readonly ledger = new Map<string, FileItem>();

  announce(file: FileObject, { fileTag }: World['rules']): void {
    const { bucket, key, size, versionId } = file;
    const etag = fileTag(file, file.announcements++);
    this.send({ type: 'FileAnnounced', file: { bucket, key, size, etag, versionId } });
  }

  send(message: FileMessage): void {
    this.waiting.push({ message, receives: 0 });
  }

  /** What lies in the bucket as the version that a message names. */
  find({ key, versionId }: LandedFile): FileObject | undefined {
    return this.objects.find((each) => each.key === key && each.versionId === versionId);
  }

  /** The ledger forgets what it knew. */
  expire(): void {
    this.ledger.clear();
  }
}

/** A producer writes a file, or writes it again with other lines. */
export function upload(world: World, key: string, lines: readonly SimEvent[]): void {
  const { files, rules } = world;
  const version = files.objects.filter((each) => each.key === key).length;
  const content = Buffer.from(lines.map(({ text }) => `${text}\n`).join(''));
  const arrivedAt = BigInt(world.now) * 1_000_000n;
  const named = { bucket: BUCKET, key, size: content.length, etag: `tag-${version}`, versionId: String(version) };
  const shard = shardOf({ ...named, etag: rules.fileTag(named, 0) });
  const places = lines.map((event, i) => world.deliver({ shard, sequence: String(i + 1), index: 0, arrivedAt, event }));
  const file = { ...named, content, arrivedAt, lines, places, announcements: 0 };
  files.objects.push(file);
  files.announce(file, rules);
}

/** The function takes the first message; one that fails comes again, and after some times it is a dead letter. */
export async function landNotified(world: World, fault: Fault | null): Promise<void> {
  const { files } = world;
  const waiting = files.waiting.shift();
  if (!waiting) return;
  const clock = { now: world.isoNow, isShort: () => false };
  const { returned } = await world.invoke(fault, (it) => landerOf(world, it).take(waiting.message, clock));
  if (!returned && ++waiting.receives < MAX_RECEIVES) files.waiting.push(waiting);
}

const OF_FILES = CONTRACTS.before.map((contract) => ({
  ...contract,
  ...(contract.ingest && { ingest: { ...contract.ingest, from: 'firehose' as const } }),
}));
const TABLES = fileTables(OF_FILES);

/** The real lander of files, over simulated ports. */
function landerOf(world: World, invocation: Invocation): FileLander {
  const { files } = world;
  const ports = {
    files: filesOf(world, invocation),
    ledger: fileLedgerOf(world, invocation),
    queue: {
      send: async (parts: readonly Extract<FileMessage, { type: 'PartDue' }>['due'][]) => {
        for (const due of parts) await invocation.effect(() => files.send({ type: 'PartDue', due }));
      },
    },
    large: { load: notHere },
    binary: { plan: notHere, read: notHere },
    spool: { copy: notHere },
    landing: GATES[world.contracts],
    destinationOf: destinations(DOMAIN, OF_FILES),
    stage: (tables: readonly LandedTable[]) => stageAll(world, tables, invocation),
  };
  return new FileLander(ports, {
    tables: TABLES,
    largeBytes: Number.MAX_SAFE_INTEGER,
    partBytes: PART_BYTES,
    planLoad: notHere,
    digest: notHere,
  });
}

function notHere(): never {
  throw new Error('files of the simulation are short and of JSON lines');
}

const filesOf = ({ files, isRepaired }: World, invocation: Invocation): LandedFiles => ({
  open: async (named) => {
    const file = files.find(named);
    if (!file) return null;
    if (!isRepaired && file.lines.some(({ kind }) => kind === 'Fatal')) return invocation.die();
    const { size, content, arrivedAt } = file;
    return { size, arrivedAt, read: async (from, to) => content.subarray(from, to) };
  },
});

async function stageAll(world: World, tables: readonly LandedTable[], invocation: Invocation): Promise<void> {
  const failures = await stage(world, tables, { ordered: false }, invocation);
  if (failures.length > 0) throw new Outage('not all of it could be staged');
}

/** The reconciler announces again what lies in the bucket and has not ended in the ledger. */
export function reconcileFiles({ files, rules }: World): void {
  if (!rules.reconcilesFiles) return;
  for (const file of files.objects) {
    const known = files.ledger.get(shardOf({ ...file, etag: rules.fileTag(file, 0) }));
    if (!known || known.state === 'open') files.announce(file, rules);
  }
}
