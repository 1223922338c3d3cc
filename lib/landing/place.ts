import type { Envelope } from './read-envelope.ts';
import type { Row } from './row.ts';

/** Where an event came from: names it for ever, whatever it was delivered with. */
export interface Place {
  /** A shard of the stream; for a file, one version of it. */
  readonly shard: string;
  /** Of the record in its shard, as decimal text of up to 186 bits; for a file, the row. */
  readonly sequence: string;
  /** Of the event among those of its record. */
  readonly index: number;
  /** When the record arrived, in microseconds since 1970. The only clock: a retry must give the same bytes. */
  readonly arrivedAt: bigint;
  /** Of an event that is judged once more, as in a replay. Not part of its name. */
  readonly again?: Judgement;
}

/** Which time an event is judged, counted from 1, and when that was asked for, in microseconds since 1970. */
export interface Judgement {
  readonly attempt: number;
  readonly at: bigint;
  /** Whether its batch was held for personal data. */
  readonly wasHeld?: boolean;
}

/** As text of one width, sequence numbers sort as the numbers do. */
const SEQUENCE_WIDTH = 64;
/** Of the index in the text of a sequence. */
export const INDEX_WIDTH = 6;
const MICROS_PER_DAY = 86_400_000_000n;

/** The values of the columns that Sluice adds in bronze. */
export const systemValues = (envelope: Envelope, place: Place, contractVersion: string): Row => ({
  _event_id: envelope.id,
  _event_time: envelope.time,
  _ingested_at: place.arrivedAt,
  _source: envelope.source,
  _producer: envelope.producer,
  _producer_seq: envelope.producerSeq,
  _contract_version: contractVersion,
  ...placeValues(place),
});

/** Where a row came from, in bronze and in quarantine. */
export const placeValues = (place: Place) => ({
  _shard: place.shard,
  _sequence: sequenceText(place),
  _ingest_date: Number(place.arrivedAt / MICROS_PER_DAY),
});

/** `<sequence number>.<index>`: a column that tells the events of a record apart, and sorts as they came. */
export const sequenceText = ({ sequence, index }: Place): string =>
  `${sequence.padStart(SEQUENCE_WIDTH, '0')}.${String(index).padStart(INDEX_WIDTH, '0')}`;

/** The place that a row's columns name. */
export function placeOf(shard: string, sequenceText: string, arrivedAt: bigint): Place {
  const [sequence = '', index] = sequenceText.split('.');
  return { shard, sequence: String(BigInt(sequence)), index: Number(index ?? 0), arrivedAt };
}

/** One text for a place, and the same whether it comes from a record or from the columns of its row. */
export const placeId = (place: Place): string => `${place.shard}:${sequenceText(place)}`;
