import type { SimEvent } from './events.ts';
import { GATES } from './gate.ts';
import type { Fault, Invocation } from './invocation.ts';
import { stage } from './land.ts';
import { Violation, type World } from './world.ts';

/** One version of an object under `landing/`. */
export interface FileObject {
  readonly key: string;
  readonly version: number;
  readonly uploadedAt: bigint;
  readonly lines: readonly SimEvent[];
  /** Where its lines were put, as the books know them. */
  readonly places: readonly string[];
}

/** That a file arrived; a hint, which may come twice, late or never. */
interface Notification {
  readonly file: FileObject;
  /** Tells the announcements of a file apart. */
  readonly number: number;
  receives: number;
}

/** Lines that are landed as one part. */
const PART = 3;
const MAX_RECEIVES = 5;

/** Files that wait to be landed, and what the ledger says of those that were. */
export class Files {
  readonly objects: FileObject[] = [];
  readonly notifications: Notification[] = [];
  readonly ledger = new Set<string>();
  private announcements = 0;

  announce(file: FileObject): void {
    this.notifications.push({ file, number: ++this.announcements, receives: 0 });
  }

  /** The ledger forgets what it knew. */
  expire(): void {
    this.ledger.clear();
  }
}

/** A producer writes a file, or writes it again with other lines. */
export function upload(world: World, key: string, lines: readonly SimEvent[]): void {
  const version = world.files.objects.filter((each) => each.key === key).length;
  const uploadedAt = BigInt(world.now) * 1_000_000n;
  const shard = `file-${key}@${version}`;
  const places = lines.map((event, i) =>
    world.deliver({ shard, sequence: String(i + 1), index: 0, arrivedAt: uploadedAt, event }),
  );
  const file = { key, version, uploadedAt, lines, places };
  world.files.objects.push(file);
  world.files.announce(file);
}

/** The function takes the first notification; one that fails comes again, and after some times it is a dead letter. */
export async function landNotified(world: World, fault: Fault | null): Promise<void> {
  const notification = world.files.notifications.shift();
  if (!notification) return;
  const { returned } = await world.invoke(fault, (it) => landFile(world, notification, it));
  if (returned?.value) return;
  if (++notification.receives < MAX_RECEIVES) world.files.notifications.push(notification);
}

/** @returns whether the file is landed, now or before. */
async function landFile(world: World, { file, number }: Notification, invocation: Invocation): Promise<boolean> {
  const { files, rules } = world;
  const shard = rules.fileId(file, number);
  if (files.ledger.has(shard)) return true;
  if (rules.marksFilesFirst) await invocation.effect(() => markLanded(world, shard, file));
  if (!world.isRepaired && file.lines.some(({ kind }) => kind === 'Fatal')) return invocation.die();
  for (let from = 0; from < file.lines.length; from += PART) {
    if (!(await landPart(world, file, shard, from, invocation))) return false;
  }
  if (!rules.marksFilesFirst) await invocation.effect(() => markLanded(world, shard, file));
  return true;
}

async function landPart(world: World, file: FileObject, shard: string, from: number, invocation: Invocation) {
  const gate = GATES[world.contracts];
  for (const [i, { text }] of file.lines.slice(from, from + PART).entries()) {
    const place = { shard, sequence: String(from + i + 1), index: 0, arrivedAt: file.uploadedAt };
    gate.takeEvent(JSON.parse(text), place);
  }
  const failures = await stage(world, gate.drain(), { ordered: false }, invocation);
  return failures.length === 0;
}

function markLanded(world: World, shard: string, { key, places }: FileObject): void {
  const missing = places.find((place) => !world.isDurable(place));
  if (missing) throw new Violation(`${key} was recorded as landed before ${missing} was durable`);
  world.files.ledger.add(shard);
}

/** The reconciler announces again what lies in the bucket and is not in the ledger. */
export function reconcileFiles({ files, rules }: World): void {
  if (!rules.reconcilesFiles) return;
  const waiting = new Set(files.notifications.map(({ file }) => file));
  for (const file of files.objects)
    if (!waiting.has(file) && !files.ledger.has(rules.fileId(file, 0))) files.announce(file);
}
