import { commitWaiting } from './commit.ts';
import { QUARANTINE, TABLES } from './events.ts';
import { landNotified, reconcileFiles } from './files.ts';
import { reconcileHandOvers } from './hand-overs.ts';
import { landFromShard } from './land.ts';
import { isOpen, latestEntries, redriveOnFailure, replay } from './quarantine.ts';
import { refine } from './refine.ts';
import { Violation, type World } from './world.ts';

/** More than any history needs that ends at all. */
const ROUNDS = 10;
/** The longest that anything pauses before it is tried again. */
const DAY = 86_400;

/** All faults are over and what was broken is repaired: everything that waits must come through. */
export async function drain(world: World): Promise<void> {
  world.isRepaired = true;
  world.contracts = 'after';
  while (world.frozen.length > 0) await world.thaw();
  for (let round = 0; round < ROUNDS; round++) {
    const before = stateOf(world);
    await drainOnce(world);
    if (round > 0 && stateOf(world) === before) return;
  }
  throw new Violation(`the platform does not come to rest: ${stateOf(world)}`);
}

async function drainOnce(world: World): Promise<void> {
  world.now += DAY;
  for (let [shard] = world.stream.readable(); shard; [shard] = world.stream.readable())
    await landFromShard(world, shard, 100, null);
  const redrives = world.onFailure.length;
  for (let i = 0; i < redrives; i++) await redriveOnFailure(world, null);
  reconcileFiles(world);
  while (world.files.waiting.length > 0) await landNotified(world, null);
  world.queue.redrive(world.now);
  await commitAll(world);
  await reconcileHandOvers(world, null);
  await commitAll(world);
  await replay(world, null);
  await commitAll(world);
  await refine(world, null);
  await commitAll(world);
}

async function commitAll(world: World): Promise<void> {
  for (let due = world.queue.nextVisible(); due !== undefined; due = world.queue.nextVisible()) {
    world.now = Math.max(world.now, due);
    await commitWaiting(world, 10, null);
  }
}

/** What changes as long as anything comes through. What is refused for good is refused again in each replay. */
const stateOf = ({ logs, queue, onFailure, files, handOvers, silver }: World): string =>
  JSON.stringify({
    versions: TABLES.map((table) => logs.get(table)?.version),
    refused: latestEntries(logs.get(QUARANTINE)!.rows()).filter(isOpen).length,
    waiting: queue.waiting.length + queue.dead.length,
    onFailure: onFailure.length,
    files: files.waiting.length,
    handOvers: handOvers.size,
    consumed: [...silver.consumed],
  });
