import type { BatchQueue } from '../../lambdas/shared/ports.ts';
import { RecordedQueue } from '../../lambdas/shared/recorded-queue.ts';
import { type Staging, type StagingFailure, stageTables } from '../../lambdas/shared/stage-tables.ts';
import type { LandedTable, StreamRecord } from '../../lib/landing/landing.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import { encode, GATES, rowsOf } from './gate.ts';
import { type Fault, type Invocation, Outage } from './invocation.ts';
import type { Answer, Shard } from './kinesis.ts';
import { Violation, type World } from './world.ts';

/** `land-records` and its mapping: the real gate and the real staging, over simulated ports. */
const MAPPING = { retries: 3, maxAgeSeconds: 86_400 };

/** One poll of a shard: the function is called once, and the mapping draws its conclusion. */
export async function landFromShard(world: World, shard: Shard, size: number, fault: Fault | null): Promise<void> {
  const batch = world.stream.take(shard, size);
  const { returned } = await world.invoke(fault, (it) => landRecords(world, batch.records, true, it));
  const answer: Answer = returned ? { failed: returned.value } : 'FunctionFailed';
  const { passed, parked } = world.stream.answer(shard, batch, answer, MAPPING, world.now);
  for (const record of passed) mustBeDurable(world, record);
  if (parked.length > 0) world.onFailure.push(world.rules.parked(parked));
}

/** As `land-records/handler.ts` wires it. @returns the sequence numbers that are to come again. */
export async function landRecords(
  world: World,
  records: readonly StreamRecord[],
  ordered: boolean,
  invocation: Invocation,
): Promise<string[]> {
  if (!world.isRepaired && records.some((record) => world.deadly.has(record))) return invocation.die();
  const gate = GATES[world.contracts];
  for (const record of records) gate.takeRecord(record);
  const staged = stage(world, gate.drain(), { ordered }, invocation);
  if (world.rules.answersFirst) return [];
  return world.rules.failedItems(await staged).map(({ itemIdentifier }) => itemIdentifier);
}

/** Stages and announces through ports that may fail; any error but an outage is a bug. */
export async function stage(
  world: World,
  tables: readonly LandedTable[],
  how: Pick<Staging, 'ordered' | 'accountedBefore'>,
  invocation: Invocation,
): Promise<StagingFailure[]> {
  const failures = await stageTables(tables, { ...portsOf(world, invocation), ...how });
  for (const { error } of failures) if (!(error instanceof Outage)) throw error;
  return failures;
}

function portsOf(world: World, invocation: Invocation): Pick<Staging, 'encode' | 'store' | 'queue'> {
  const { rules } = world;
  const late: (() => Promise<unknown>)[] = [];
  const put = async (key: string, bytes: Uint8Array) => {
    const rows = rowsOf(bytes).map((row) => rules.stagedRow(row, world.clock++));
    const name = rules.stagedKey(key, rows);
    const write = () => invocation.effect(() => world.store(name, rows));
    if (rules.announcesFirst) late.push(write);
    else await write();
    return `s3://landing/${name}`;
  };
  const send = async (batches: readonly StagedBatch[]) => {
    await queueOf(world, invocation).send(batches);
    for (const write of late.splice(0)) await write();
  };
  return { encode, store: { put }, queue: { send } };
}

/** The queue as functions have it: the hand-over is recorded, then the message is sent. */
export const queueOf = (world: World, invocation: Invocation): BatchQueue =>
  new RecordedQueue(world.handOvers.portOf(world, invocation), world.queueOf(invocation));

/** What a mapping is done with, it never gives again. */
export function mustBeDurable(world: World, record: StreamRecord): void {
  for (const place of world.placesOf.get(record) ?? [])
    if (!world.isDurable(place)) throw new Violation(`${place} was acknowledged before it was durable`);
}
