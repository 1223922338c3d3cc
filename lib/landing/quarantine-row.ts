import { createHash } from 'node:crypto';
import { type Contract, tableId } from '../contract/contract.ts';
import { type Place, placeId, placeValues } from './place.ts';
import type { Envelope } from './read-envelope.ts';
import type { Finding, Row } from './row.ts';

/** An event that cannot land, with what is known of it. */
export interface Refusal {
  readonly findings: readonly Finding[];
  /** The event as JSON, masked as far as its contract is known; the record's text when it is none. */
  readonly payload: string;
  readonly envelope?: Envelope;
  readonly contract?: Contract;
}

/** The row of the quarantine for an event that the ingest gate refused. */
export const quarantineRow = (domain: string, place: Place, refusal: Refusal): Row => ({
  quarantine_id: createHash('sha256').update(placeId(place)).digest('hex'),
  domain,
  table: refusal.contract ? tableId(refusal.contract) : null,
  gate: 'G0',
  reasons: refusal.findings.map(({ reason }) => reason),
  rules: [...new Set(refusal.findings.map(({ rule }) => rule))],
  contract_version: refusal.contract?.version ?? null,
  event_id: refusal.envelope?.id ?? null,
  payload: refusal.payload,
  source: refusal.envelope?.source ?? null,
  run_id: null,
  attempts: 1,
  first_seen: place.arrivedAt,
  ...placeValues(place),
});
