import type { Row } from '../../lib/landing/row.ts';
import { placeKey } from './commit-model.ts';
import { DOMAIN, TABLES } from './events.ts';
import type { Fault, Invocation } from './invocation.ts';
import { stageStopped } from './quarantine.ts';
import { isStopped } from './silver-model.ts';
import type { World } from './world.ts';

/** One run: what bronze has that silver has not read is merged, and what silver's checks stop goes to quarantine. */
export async function refine(world: World, fault: Fault | null): Promise<void> {
  await world.invoke(fault, async (it) => {
    for (const table of TABLES) await refineTable(world, table, it);
  });
}

async function refineTable(world: World, table: string, invocation: Invocation): Promise<void> {
  const { silver, rules } = world;
  const log = world.logs.get(table)!;
  const [from, to] = [silver.consumed.get(table) ?? -1, log.version];
  if (from >= to) return;
  const record = () => invocation.effect(() => silver.consumed.set(table, to));
  if (rules.recordsConsumedFirst) await record();
  const rows = log.between(from, to).flatMap((commit) => commit.rows);
  await invocation.effect(() => silver.merge(rows.filter((row) => !isStopped(row))));
  const stopped = rows.filter(isStopped).map(entryOf);
  if (stopped.length > 0) await stageStopped(world, stopped, { appId: `refine:${table}`, version: to }, invocation);
  if (!rules.recordsConsumedFirst) await record();
}

/** As refine names what it stops: by the event's place, so that it has the same id each time. */
function entryOf(row: Row): Row {
  const id = `g1:${placeKey(row)}`;
  const { _shard = null, _sequence = null, _ingest_date = null, _event_id = null } = row;
  return {
    quarantine_id: id,
    entry_id: `${id}:1:open`,
    domain: DOMAIN,
    gate: 'G1',
    event_id: _event_id,
    attempts: 1,
    status: 'open',
    _shard,
    _sequence,
    _ingest_date,
  };
}
