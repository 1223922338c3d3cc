import type { Envelope } from './read-envelope.ts';
import type { Row } from './row.ts';

/** A record of the stream, as far as landing needs it. */
export interface StreamRecord {
  readonly shard: string;
  /** Decimal text of up to 186 bits. */
  readonly sequence: string;
  /** Base64. */
  readonly data: string;
  /** When the stream took the record, in microseconds. The only clock: a retry must give the same bytes. */
  readonly arrivedAt: bigint;
}

/** One event's place in the stream. */
export interface Member {
  readonly record: StreamRecord;
  /** Place within the record's batch of events. */
  readonly index: number;
  readonly eventId: string | null;
}

/** As text of one width, sequence numbers sort as the numbers do. */
const SEQUENCE_WIDTH = 64;
const MICROS_PER_DAY = 86_400_000_000n;

/** The values of the columns that Sluice adds in bronze. */
export const systemValues = (envelope: Envelope, member: Member, contractVersion: string): Row => ({
  _event_id: envelope.id,
  _event_time: envelope.time,
  _ingested_at: member.record.arrivedAt,
  _source: envelope.source,
  _contract_version: contractVersion,
  ...positionValues(member),
});

/** Where a row came from, in bronze and in quarantine. */
export const positionValues = ({ record }: Member): Row => ({
  _shard: record.shard,
  _sequence: record.sequence.padStart(SEQUENCE_WIDTH, '0'),
  _ingest_date: Number(record.arrivedAt / MICROS_PER_DAY),
});

/** Names one event for ever, whatever else its batch held. */
export const memberId = ({ record, index }: Member): string => `${record.shard}:${record.sequence}:${index}`;
