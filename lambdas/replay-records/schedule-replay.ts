import { createHash } from 'node:crypto';
import { placeValues } from '../../lib/landing/place.ts';
import type { Replay, ReplayDocument, ReplayEntry } from '../../lib/plan/replay.ts';
import type { JsonStore } from '../shared/ports.ts';
import type { Outcome } from './close-entries.ts';
import type { NamedEntry } from './request.ts';

/** Remembers what the next run is to judge again. */
export interface ReplayBook {
  recordReplay(domain: string, replay: Replay): Promise<void>;
}

export interface Scheduler {
  readonly domain: string;
  readonly documents: JsonStore;
  readonly book: ReplayBook;
  /** Folder for the documents. */
  readonly folder: string;
}

/**
 * Rows that a run refused are in bronze, as events. So a run judges them again, from those: by the rules, the
 * transformations and the merge that all rows go through, and at the place in time that they always had.
 */
export async function scheduleReplay(scheduler: Scheduler, named: readonly NamedEntry[]): Promise<Outcome[]> {
  const tables = Map.groupBy(named, ({ entry }) => entry.table ?? '');
  const outcomes = [...tables].map(([table, entries]) => schedule(scheduler, table, entries));
  return (await Promise.all(outcomes)).flat();
}

/** The document first: a run that finds it named must find it. The same wish again is the same document. */
async function schedule(scheduler: Scheduler, table: string, named: readonly NamedEntry[]): Promise<Outcome[]> {
  const { domain, documents, book, folder } = scheduler;
  const document: ReplayDocument = { version: 1, table, entries: named.map(entryOf) };
  const name = createHash('sha256').update(JSON.stringify(document)).digest('hex').slice(0, 32);
  const uri = `${folder}/${table}/${name}.json`;
  await documents.write(uri, document);
  await book.recordReplay(domain, { table, uri });
  return named.map(({ entry }) => ({ quarantineId: entry.quarantine_id, type: 'Scheduled' }));
}

function entryOf({ entry, place, ingestDate }: NamedEntry): ReplayEntry {
  const { _shard, _sequence } = placeValues(place);
  return {
    quarantineId: entry.quarantine_id,
    attempts: entry.attempts,
    firstSeen: Number(entry.first_seen),
    gate: entry.gate,
    reasons: entry.reasons,
    rules: entry.rules,
    contractVersion: entry.contract_version,
    eventId: entry.event_id,
    source: entry.source,
    runId: entry.run_id,
    shard: _shard,
    sequence: _sequence,
    ingestDate,
  };
}
