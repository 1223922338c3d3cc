import type { Arrival } from './arrival.ts';
import type { ColumnBuilder, IntegerColumn, NumberColumn } from './column-builder.ts';
import type { ColumnReader } from './column-reader.ts';
import { isPlausibleTime } from './event-time.ts';
import type { JsonCursor } from './json-cursor.ts';
import { type InstantReader, scalarReaderOf } from './scalar-readers.ts';
import type { TextColumn } from './text-column.ts';

/** The attributes that the gate reads, in the order in which most producers send them. */
export const ATTRIBUTES = ['specversion', 'id', 'source', 'type', 'time', 'data', 'producerid', 'producerseq'] as const;
/** Their indexes in `Places`. */
export const AT = {
  specversion: 0,
  id: 1,
  source: 2,
  type: 3,
  time: 4,
  data: 5,
  producerid: 6,
  producerseq: 7,
} as const;
/** Where in a record the values of an event's attributes begin; -1 for one that it lacks. */
export type Places = Int32Array;

const [ZERO, NINE] = [0x30, 0x39];

/** Writes what Sluice adds to a row in bronze: from the event's attributes, and from where it came. */
export class SystemReader {
  private readonly id: ColumnReader;
  private readonly source: ColumnReader;
  private readonly producer: ColumnReader;
  private readonly producerSeq: ColumnReader;
  private readonly time: InstantReader;
  private readonly shard: TextColumn;
  private readonly sequence: TextColumn;
  private readonly contractVersion: TextColumn;
  private readonly ingestedAt: IntegerColumn;
  private readonly ingestDate: NumberColumn;
  private readonly version: Uint8Array;

  /** @param columns the builders of a bronze table. */
  constructor(columns: ReadonlyMap<string, ColumnBuilder>, contractVersion: string) {
    const column = <T extends ColumnBuilder>(name: string) => columns.get(name) as T;
    this.id = scalarReaderOf('string', column('_event_id'));
    this.source = scalarReaderOf('string', column('_source'));
    this.producer = scalarReaderOf('string', column('_producer'));
    this.producerSeq = scalarReaderOf('long', column('_producer_seq'));
    this.time = scalarReaderOf('timestamp', column('_event_time')) as InstantReader;
    this.shard = column('_shard');
    this.sequence = column('_sequence');
    this.contractVersion = column('_contract_version');
    this.ingestedAt = column('_ingested_at');
    this.ingestDate = column('_ingest_date');
    this.version = Buffer.from(contractVersion);
  }

  /** False when an attribute does not plainly fit. */
  read(cursor: JsonCursor, places: Places, arrival: Arrival): boolean {
    const at = (attribute: number) => places[attribute] as number;
    return (
      this.readText(cursor, at(AT.id), this.id) &&
      this.readText(cursor, at(AT.source), this.source) &&
      this.readText(cursor, at(AT.producerid) < 0 ? at(AT.source) : at(AT.producerid), this.producer) &&
      this.readProducerSeq(cursor, at(AT.producerseq)) &&
      this.readTime(cursor, at(AT.time), arrival) &&
      this.writePlace(arrival)
    );
  }

  private readText(cursor: JsonCursor, at: number, reader: ColumnReader): boolean {
    if (at < 0) return false;
    cursor.at = at;
    return reader.read(cursor) && !(reader.column as TextColumn).endsEmpty;
  }

  private readProducerSeq(cursor: JsonCursor, at: number): boolean {
    if (at < 0) {
      this.producerSeq.column.append(null);
      return true;
    }
    cursor.at = at;
    const isDigit = (cursor.byte as number) >= ZERO && (cursor.byte as number) <= NINE;
    return isDigit && this.producerSeq.read(cursor);
  }

  private readTime(cursor: JsonCursor, at: number, { arrivedMicros }: Arrival): boolean {
    if (at < 0) return false;
    cursor.at = at;
    if (!this.time.read(cursor)) return false;
    const { seconds, micros } = this.time.instant;
    return isPlausibleTime(seconds * 1e6 + micros, arrivedMicros);
  }

  private writePlace({ shard, sequence, arrivedMicros, ingestDate }: Arrival): boolean {
    this.shard.appendBytes(shard, 0, shard.length);
    this.sequence.appendBytes(sequence, 0, sequence.length);
    this.contractVersion.appendBytes(this.version, 0, this.version.length);
    this.ingestedAt.appendSafe(arrivedMicros);
    this.ingestDate.appendNumber(ingestDate);
    return true;
  }
}
