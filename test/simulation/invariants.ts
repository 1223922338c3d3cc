import type { Row } from '../../lib/landing/row.ts';
import { entryKey, isStreamShard, placeKey, recordNumber } from './commit-model.ts';
import type { DeltaLog } from './delta-log.ts';
import { QUARANTINE, TABLES } from './events.ts';
import { isOpen, latestEntries } from './quarantine.ts';
import { Violation, type World } from './world.ts';

/** What must hold once everything came through. Each throws what it found. */
export function checkInvariants(world: World): void {
  nothingWaits(world);
  for (const [table, log] of world.logs) logIsSound(table, log);
  eachPlaceOnce(world);
  eachEventOnce(world);
  newestEventWins(world);
  quarantineOnlyGrows(world);
  booksBalance(world);
}

function nothingWaits({ queue, onFailure, files, handOvers }: World): void {
  const left = {
    messages: queue.waiting.length,
    deadLetters: queue.dead.length,
    onFailure: onFailure.length,
    files: files.waiting.length,
    handOvers: handOvers.size,
  };
  if (Object.values(left).some((count) => count > 0)) fail(`something never comes through: ${JSON.stringify(left)}`);
}

/** Versions without a gap, positions that only grow, and never below a row that the table holds. */
function logIsSound(table: string, log: DeltaLog): void {
  const positions = new Map<string, bigint>();
  for (let version = 0; version <= log.version; version++) {
    const commit = log.at(version);
    if (!commit) throw new Violation(`${table}: version ${version} is missing`);
    for (const [appId, value] of commit.txns) {
      if (value < (positions.get(appId) ?? -1n)) fail(`${table}: ${appId} went back to ${value} in version ${version}`);
      positions.set(appId, value);
    }
    for (const row of commit.rows) mustBeCovered(table, row, positions);
  }
}

function mustBeCovered(table: string, row: Row, positions: ReadonlyMap<string, bigint>): void {
  const shard = String(row._shard);
  if (!isStreamShard(shard)) return;
  const position = positions.get(`position:${shard}`) ?? -1n;
  if (recordNumber(row) > position) fail(`${table}: ${placeKey(row)} lies beyond its shard's position ${position}`);
}

/** Each place is in bronze once, or open in quarantine; never in both, never twice, never nowhere, and no other is. */
function eachPlaceOnce(world: World): void {
  const bronze = TABLES.flatMap((table) => world.logs.get(table)!.rows()).map(placeKey);
  const latest = latestEntries(world.logs.get(QUARANTINE)!.rows()).filter(({ gate }) => gate === 'G0');
  const found = new Map<string, number>();
  for (const place of [...bronze, ...latest.filter(isOpen).map(placeKey)])
    found.set(place, (found.get(place) ?? 0) + 1);
  for (const place of world.delivered.keys())
    if (found.get(place) !== 1) fail(`${place} is in bronze or open in quarantine ${found.get(place) ?? 0} times`);
  const unknown = [...found.keys()].find((place) => !world.delivered.has(place));
  if (unknown) fail(`${unknown} was never delivered`);
}

/** Each event that bronze took is in silver once, or was stopped by silver's checks. */
function eachEventOnce(world: World): void {
  const stopped = new Set(
    world.logs
      .get(QUARANTINE)!
      .rows()
      .filter(({ gate }) => gate === 'G1')
      .map((row) => row.event_id),
  );
  for (const { event } of world.delivered.values()) {
    if (!event) continue;
    const times = world.silver.events.get(event.id) ?? 0;
    const expected = event.kind === 'Never' || event.kind === 'Stopped' ? 0 : 1;
    if (times !== expected) fail(`${event.id} counts ${times} times in silver`);
    if (event.kind === 'Stopped' && !stopped.has(event.id)) fail(`${event.id} was stopped and is not in quarantine`);
  }
}

function newestEventWins({ delivered, silver }: World): void {
  for (const { event } of delivered.values()) {
    if (!event || event.kind === 'Never' || event.kind === 'Stopped') continue;
    const shown = silver.newest.get(event.key);
    if (!shown || (shown._event_time as bigint) < event.time)
      fail(`${event.key} shows an older event than ${event.id}`);
  }
}

/** An entry is written once and stays: whatever was refused can be shown for ever. */
function quarantineOnlyGrows(world: World): void {
  const rows = world.logs.get(QUARANTINE)!.rows();
  const entries = new Set(rows.map(entryKey));
  if (entries.size !== rows.length) fail('an entry of the quarantine is there twice');
  const first = new Set(rows.filter(({ attempts, gate }) => attempts === 1 && gate === 'G0').map(placeKey));
  const lost = rows.find((row) => row.gate === 'G0' && !first.has(placeKey(row)));
  if (lost) fail(`${placeKey(lost)} was closed in quarantine, and its first entry is gone`);
  for (const [place, { event }] of world.delivered)
    if (event?.kind === 'Never' && !first.has(place)) fail(`${place} was refused and is not in quarantine`);
}

/** The totals that commits carry are what the tables hold, and account for each place once. */
function booksBalance({ logs, delivered }: World): void {
  let accounted = 0;
  for (const [table, log] of logs) {
    const total = Number(log.txn('rows') ?? 0n);
    if (total !== log.rows().length) fail(`${table}: commits say ${total} rows; it holds ${log.rows().length}`);
    accounted += Number(log.txn('accounted') ?? 0n);
  }
  const excess = accounted - delivered.size;
  if (excess < 0 || excess > judgedTwice(logs)) fail(`${accounted} events are accounted for; ${delivered.size} came`);
}

/** A record that is read again after a deploy may land, while its first judgement stands in quarantine. */
function judgedTwice(logs: World['logs']): number {
  const refused = new Set(logs.get(QUARANTINE)!.rows().map(placeKey));
  const bronze = TABLES.flatMap((table) => logs.get(table)!.rows());
  return bronze.filter((row) => refused.has(placeKey(row))).length;
}

function fail(what: string): never {
  throw new Violation(what);
}
