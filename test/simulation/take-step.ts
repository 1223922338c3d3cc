import { commitWaiting, compact } from './commit.ts';
import { eventOf, type SimEvent } from './events.ts';
import { landNotified, reconcileFiles, upload } from './files.ts';
import { reconcileHandOvers } from './hand-overs.ts';
import type { Step } from './history.ts';
import { landFromShard } from './land.ts';
import { redriveOnFailure, replay } from './quarantine.ts';
import { refine } from './refine.ts';
import type { World } from './world.ts';

/** How many numbers of the last traits say that a record is no JSON at all. */
const BROKEN = 31;

export async function takeStep(world: World, step: Step): Promise<void> {
  world.now++;
  switch (step.type) {
    case 'Produce':
      return produce(world, step.records, step.traits);
    case 'ProduceAgain':
      return produceAgain(world, step.events, step.partition);
    case 'Land':
      return land(world, step.shard, step.size, step.fault);
    case 'Commit':
      return commitWaiting(world, step.count, step.fault);
    case 'Refine':
      return refine(world, step.fault);
    case 'Wait':
      world.now += step.seconds;
      return;
    case 'Reshard':
      return step.merges ? world.stream.merge(step.shard) : world.stream.split(step.shard);
    case 'Rewind':
      return rewind(world, step.shard, step.records);
    case 'Thaw':
      return world.thaw();
    case 'Upload':
      return uploadAgain(world, step.key, numbersOf(step.lines, step.traits), step.keeps);
    case 'LandFile':
      return landNotified(world, step.fault);
    case 'Notify':
      return disturb(world, step.deed);
    case 'Reconcile':
      reconcileFiles(world);
      return reconcileHandOvers(world, step.fault);
    case 'ExpireLedger':
      return world.files.expire();
    case 'LoseMessage':
      world.queue.expire();
      return;
    case 'Spoil':
      return spoil(world, step.which);
    case 'RedriveDeadLetters':
      return world.queue.redrive(world.now);
    case 'RedriveOnFailure':
      return redriveOnFailure(world, step.fault);
    case 'Deploy':
      world.contracts = 'after';
      return;
    case 'Replay':
      return replay(world, step.fault);
    case 'Compact':
      return compact(world);
  }
}

/** A record of one to four events, of which the first may be odd. */
function produce(world: World, records: number, traitsOfFirst: number): void {
  for (const number of numbersOf(records, traitsOfFirst)) {
    const traits = number >> 2;
    const isBroken = traits % (BROKEN + 1) === BROKEN;
    const events = Array.from({ length: 1 + (number % 4) }, (_, i) => newEvent(world, i === 0 ? traits : traits % 64));
    world.put(number % 7, isBroken ? null : events);
  }
}

/** Different numbers, unless the first is 0: then all are, so that a history shrinks to plain events. */
const numbersOf = (count: number, first: number): number[] =>
  Array.from({ length: count }, (_, i) => (first * (2 * i + 1)) % 2 ** 20);

function newEvent(world: World, traits: number): SimEvent {
  const event = eventOf(world.produced.length, traits);
  world.produced.push(event);
  return event;
}

/** A producer that got no answer sends its last events again, packed in another way. */
function produceAgain(world: World, count: number, partition: number): void {
  const events = world.produced.slice(-count);
  if (events.length > 0) world.put(partition, events);
}

async function land(world: World, which: number, size: number, fault: Parameters<typeof landFromShard>[3]) {
  const readable = world.stream.readable();
  if (readable.length > 0) await landFromShard(world, readable[which % readable.length]!, size, fault);
}

function rewind({ stream }: World, which: number, records: number): void {
  stream.rewind(stream.shards[which % stream.shards.length]!, records);
}

/** A new version of a file may keep lines of the one before. */
function uploadAgain(world: World, which: number, lines: readonly number[], keeps: number): void {
  const key = `landing/sim/orders/f${which}.jsonl`;
  const before = world.files.objects.findLast((file) => file.key === key)?.lines ?? [];
  upload(world, key, [...before.slice(0, keeps), ...lines.map((number) => newEvent(world, number >> 2))]);
}

function disturb({ files, rules }: World, deed: 'Lose' | 'Repeat' | 'Reverse'): void {
  if (deed === 'Lose') files.waiting.shift();
  const first = files.objects.at(-1);
  if (deed === 'Repeat' && first) files.announce(first, rules);
  if (deed === 'Reverse') files.waiting.reverse();
}

/** A staged file that waits turns out to be one that cannot be committed as things are. */
function spoil({ queue, unreadable, isRepaired }: World, which: number): void {
  const message = queue.waiting[which % Math.max(1, queue.waiting.length)];
  if (message && !isRepaired) unreadable.add(message.body.staged);
}
