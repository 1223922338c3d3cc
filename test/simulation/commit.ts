import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import { type CommitPorts, commitMessages, type Failure } from './committer.ts';
import type { Message } from './fifo-queue.ts';
import type { Fault } from './invocation.ts';
import { Violation, type World } from './world.ts';

/** When what may pass is tried again, by how often it was tried; as `messages.py` says. */
const RETRY_SECONDS = [5, 60, 300, 600, 1200, 2400];
const HOUR = 3600;

/** One invocation of `commit-batches`, and what the queue makes of its answer. */
export async function commitWaiting(world: World, count: number, fault: Fault | null): Promise<void> {
  const messages = world.queue.receive(count, world.now);
  if (messages.length === 0) return;
  if (world.rules.deletesFirst) for (const message of messages) deleteMessage(world, message);
  const { returned, isFaulty } = await world.invoke(fault, (it) =>
    commitMessages(messages, portsOf(world), world.rules, it),
  );
  if (!returned) return;
  if (!isFaulty) mustFailAlone(world, returned.value);
  const failed = new Map(returned.value.map((failure) => [failure.message, failure]));
  for (const message of messages) {
    const failure = failed.get(message);
    if (failure) message.visibleAt = world.now + secondsUntilRetry(failure);
    else deleteMessage(world, message);
  }
}

function portsOf(world: World): CommitPorts {
  return {
    logs: world.logs,
    read: (uri) => (world.unreadable.has(uri) && !world.isRepaired ? undefined : world.objects.get(uri)),
    recorded: (table, version) => world.recorded.set(table, Math.max(version, world.recorded.get(table) ?? -1)),
    handedOver: (batches) => world.handOvers.end(batches),
  };
}

function deleteMessage(world: World, message: Message<StagedBatch>): void {
  const isPoison = world.unreadable.has(message.body.staged) && !world.isRepaired;
  if (isPoison || !world.isCommitted(message.body))
    throw new Violation(`the message of ${message.body.staged} was deleted before it was committed`);
  world.queue.delete(message);
}

/** Without a fault, a batch that can never be committed is the only one that comes again. */
function mustFailAlone(world: World, failures: readonly Failure[]): void {
  const innocent = failures.find(({ message }) => !world.unreadable.has(message.body.staged));
  if (innocent) throw new Violation(`${innocent.message.body.staged} came again although nothing was wrong with it`);
}

const secondsUntilRetry = ({ message, mayPass }: Failure): number =>
  mayPass ? (RETRY_SECONDS[message.receives - 1] ?? HOUR) : 0;

/** Maintenance rewrites files: a version without rows of its own, and without transactions. */
export function compact(world: World): void {
  for (const log of world.logs.values())
    if (log.version >= 0) log.putIfAbsent(log.version + 1, { rows: [], txns: new Map() });
}
