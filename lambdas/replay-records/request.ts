import { z } from 'zod';
import { type Place, placeOf } from '../../lib/landing/place.ts';
import type { Entry } from '../../lib/landing/quarantine-row.ts';

/** An entry that a person names, with where its event came from and what came, as far as that was sealed. */
export interface NamedEntry {
  readonly entry: Entry;
  readonly place: Place;
  /** When the event arrived, ISO 8601. */
  readonly ingestDate: string;
  readonly sealed: string | null;
}

/** The latest entry of an event, as a query over the table gives it; times in microseconds since 1970. */
const entrySchema = z
  .object({
    quarantine_id: z.string().regex(/^[0-9a-f]{64}$/),
    table: z.string().nullable(),
    gate: z.string(),
    reasons: z.array(z.string()),
    rules: z.array(z.string()),
    contract_version: z.string().nullable(),
    event_id: z.string().nullable(),
    source: z.string().nullable(),
    run_id: z.string().nullable(),
    attempts: z.int().positive(),
    first_seen: z.int().transform(BigInt),
    _shard: z.string().min(1),
    _sequence: z.string().regex(/^\d+(\.\d+)?$/),
    _ingest_date: z.iso.date(),
    sealed: z.string().nullable(),
  })
  .transform(({ _shard, _sequence, _ingest_date: ingestDate, sealed, ...entry }): NamedEntry => {
    return { entry, place: placeOf(_shard, _sequence, entry.first_seen), ingestDate, sealed };
  });

/** An event named twice would land twice: the committer keeps rows of one place together. */
const entriesSchema = z.array(entrySchema).transform((named) => {
  const byId = new Map(named.map((each) => [each.entry.quarantine_id, each]));
  return [...byId.values()];
});

/** When it was asked for: a repeated request gives the same rows. */
const instantSchema = z.iso.datetime().transform((text) => BigInt(Date.parse(text)) * 1000n);

/** What a person asks of `replay-records`. */
export const requestSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('Replay'), at: instantSchema, entries: entriesSchema }),
  z.object({ type: z.literal('Discard'), at: instantSchema, entries: entriesSchema, reason: z.string().min(1) }),
  z.object({ type: z.literal('Redrive'), uri: z.string() }),
]);

export type ReplayRequest = z.input<typeof requestSchema>;
export type Request = z.output<typeof requestSchema>;
