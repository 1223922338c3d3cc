import { createHash } from 'node:crypto';
import { type Contract, tableId } from '../contract/contract.ts';
import { type Place, placeId, placeValues } from './place.ts';
import type { Envelope } from './read-envelope.ts';
import type { Finding, Row } from './row.ts';
import type { Sealer } from './seal.ts';

/** An event that cannot land, with what is known of it. */
export interface Refusal {
  readonly findings: readonly Finding[];
  /** What came: the event as JSON, or the text of a record or line that is none. May be personal. */
  readonly original: string;
  /** The same, masked as its contract says; none where no contract is known that says what to mask. */
  readonly payload?: string;
  readonly envelope?: Envelope;
  readonly contract?: Contract;
  /** Where it came from, when it has no whole envelope that says so. */
  readonly source?: string;
}

/** The quarantine is a list of entries: the state of an event is what its latest entry says. */
export type Status = 'open' | 'replayed' | 'discarded';

/** What is known of an event in quarantine: columns of its latest entry. */
export interface Entry {
  readonly quarantine_id: string;
  readonly table: string | null;
  readonly gate: string;
  readonly reasons: readonly string[];
  readonly rules: readonly string[];
  readonly contract_version: string | null;
  readonly event_id: string | null;
  readonly source: string | null;
  readonly run_id: string | null;
  readonly attempts: number;
  /** Microseconds since 1970. */
  readonly first_seen: bigint;
}

/** How an entry is closed, and when that was asked for, in microseconds since 1970. */
export interface Closing {
  readonly status: Exclude<Status, 'open'>;
  readonly at: bigint;
  /** Why; it names no person and holds no value of the data. */
  readonly note: string | null;
}

/** The entry that closes another one: it tells what that one told, but not what came, which stays where it is. */
export const closingRow = (domain: string, entry: Entry, place: Place, { status, at, note }: Closing): Row => ({
  ...entry,
  domain,
  entry_id: entryId(entry.quarantine_id, entry.attempts + 1, status),
  status,
  payload: null,
  sealed: null,
  attempts: entry.attempts + 1,
  changed_at: at,
  note,
  ...placeValues(place),
});

/** The entry for an event that the ingest gate refused. */
export function quarantineRow(domain: string, place: Place, refusal: Refusal, sealer: Sealer): Row {
  const id = quarantineId(place);
  const { attempt, at } = place.again ?? { attempt: 1, at: place.arrivedAt };
  return {
    quarantine_id: id,
    entry_id: entryId(id, attempt, 'open'),
    status: 'open',
    domain,
    table: refusal.contract ? tableId(refusal.contract) : null,
    gate: 'G0',
    reasons: refusal.findings.map(({ reason }) => reason),
    rules: [...new Set(refusal.findings.map(({ rule }) => rule))],
    contract_version: refusal.contract?.version ?? null,
    event_id: refusal.envelope?.id ?? null,
    payload: refusal.payload ?? null,
    sealed: sealer.seal(refusal.original, place),
    source: refusal.envelope?.source ?? refusal.source ?? null,
    _producer: refusal.envelope?.producer ?? null,
    _producer_seq: refusal.envelope?.producerSeq ?? null,
    run_id: null,
    attempts: attempt,
    first_seen: place.arrivedAt,
    changed_at: at,
    note: null,
    ...placeValues(place),
  };
}

/** Names an event in quarantine for ever. */
export const quarantineId = (place: Place): string => sha256(placeId(place));

/** What `commit-batches` knows an entry by: whatever is repeated gives the same. */
export const entryId = (id: string, attempts: number, status: Status): string => sha256(`${id}:${attempts}:${status}`);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
