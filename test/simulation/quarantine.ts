import { answer, type ReplayPorts } from '../../lambdas/replay-records/replay-records.ts';
import { type ReplayRequest, requestSchema } from '../../lambdas/replay-records/request.ts';
import type { LandedTable } from '../../lib/landing/landing.ts';
import type { Row } from '../../lib/landing/row.ts';
import { rowsOf } from '../lib/landing/rows-of.ts';
import { DOMAIN, QUARANTINE } from './events.ts';
import { GATES } from './gate.ts';
import { type Fault, type Invocation, Outage } from './invocation.ts';
import { mustBeDurable, queueOf, stage } from './land.ts';
import type { World } from './world.ts';

/** The latest entry of each id: its state. */
export function latestEntries(rows: readonly Row[]): Row[] {
  const latest = new Map<string, Row>();
  for (const row of rows) {
    const held = latest.get(String(row.quarantine_id));
    if (!held || rankOf(row) > rankOf(held)) latest.set(String(row.quarantine_id), row);
  }
  return [...latest.values()];
}

const rankOf = (row: Row): number => Number(row.attempts) * 2 + (isOpen(row) ? 0 : 1);

export const isOpen = ({ status }: Row): boolean => status === 'open';

/** Someone replays every open event of the gate: the real `replay-records`, over simulated ports. */
export async function replay(world: World, fault: Fault | null): Promise<void> {
  const entries = latestEntries(world.logs.get(QUARANTINE)!.rows()).filter((row) => row.gate === 'G0' && isOpen(row));
  if (entries.length === 0) return;
  const request = { type: 'Replay', at: world.isoNow(), entries: entries.map(asQueried) } as ReplayRequest;
  await world.invoke(fault, (it) => answer(requestSchema.parse(request), portsOf(world, it)));
}

/** As a query over the table gives an entry: times are numbers, and dates are text. */
const asQueried = (row: Row): Row => ({
  ...row,
  first_seen: Number(row.first_seen),
  _ingest_date: new Date(Number(row._ingest_date) * 86_400_000).toISOString().slice(0, 10),
});

/** Someone lands again what the mapping gave up; it is set aside once all of it is announced. */
export async function redriveOnFailure(world: World, fault: Fault | null): Promise<void> {
  if (world.onFailure.length === 0) return;
  await world.invoke(fault, (it) => answer({ type: 'Redrive', uri: 's3://landing/on-failure' }, portsOf(world, it)));
}

/** Rows that a run stopped are not replayed here: `refine` of the model is too plain to judge them again. */
const never = (): never => {
  throw new Error('a row that a run stopped was replayed');
};
const NO_SCHEDULER: ReplayPorts['scheduler'] = {
  domain: DOMAIN,
  documents: { read: never, write: never },
  book: { recordReplay: never },
  folder: '',
};

function portsOf(world: World, invocation: Invocation): ReplayPorts {
  const { rules } = world;
  const records = world.onFailure[0] ?? [];
  const isDeadly = !world.isRepaired && records.some((record) => world.deadly.has(record));
  const gate = GATES[world.contracts];
  const takeText: typeof gate.takeText = (text, place) => gate.takeText(text, rules.replayPlace(place, world.clock++));
  return {
    domain: DOMAIN,
    gate: { ...bound(gate), takeText },
    unsealer: { open: async (sealed) => sealed },
    folder: {
      read: () => (isDeadly ? invocation.die() : Promise.resolve(records)),
      setAside: () => invocation.effect(() => setAside(world)),
    },
    stager: stagerOf(world, invocation),
    scheduler: NO_SCHEDULER,
  };
}

const bound = (gate: ReplayPorts['gate']): ReplayPorts['gate'] => ({
  takeRecord: (record) => gate.takeRecord(record),
  takeEvent: (event, place) => gate.takeEvent(event, place),
  takeText: (text, place) => gate.takeText(text, place),
  refuse: (place, refusal) => gate.refuse(place, refusal),
  takeEntry: (entry, place) => gate.takeEntry(entry, place),
  drain: () => gate.drain(),
});

function setAside(world: World): void {
  for (const record of world.onFailure.shift() ?? []) mustBeDurable(world, record);
}

/** As `stageAll`, but for the mutants that stage in another order, or less. */
function stagerOf(world: World, invocation: Invocation): ReplayPorts['stager'] {
  const { rules } = world;
  const late: (readonly LandedTable[])[] = [];
  const stageNow = async (tables: readonly LandedTable[], accountedBefore: boolean) => {
    const ordered = rules.redrivesOrdered && !accountedBefore;
    const failures = await stage(world, tables, { ordered, accountedBefore }, invocation);
    if (failures.length > 0) throw new Outage('not all of it could be staged');
  };
  return {
    stage: async (tables, { accountedBefore }) => {
      const isClosing = accountedBefore && tables.some(({ table }) => table === QUARANTINE);
      if (isClosing && !rules.keepsEntries) return invocation.effect(() => deleteEntries(world, tables));
      if (rules.closesFirst && accountedBefore && !isClosing) late.push(tables);
      else if (!isClosing || rules.closes) await stageNow(tables, accountedBefore);
      if (isClosing) for (const each of late.splice(0)) await stageNow(each, accountedBefore);
    },
  };
}

function deleteEntries(world: World, tables: readonly LandedTable[]): void {
  const closed = new Set(tables.flatMap(rowsOf).map(({ quarantine_id }) => quarantine_id));
  const log = world.logs.get(QUARANTINE)!;
  log.remove(new Set(log.rows().filter(({ quarantine_id }) => closed.has(quarantine_id ?? null))));
}

/** Stages rows of the quarantine that come from a run. */
export async function stageStopped(
  world: World,
  rows: readonly Row[],
  txn: { readonly appId: string; readonly version: number },
  invocation: Invocation,
): Promise<void> {
  const staged = await invocation.effect(() => world.store(`runs/${rows.map(({ entry_id }) => entry_id)}`, rows));
  const common = { version: 1 as const, contractVersion: '1.0.0', ordered: false, positions: [] };
  await queueOf(world, invocation).send([{ ...common, table: QUARANTINE, staged, rows: rows.length, events: 0, txn }]);
}
