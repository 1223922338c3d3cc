import { INDEX_WIDTH, type Place, placeValues } from './place.ts';

const ZERO = 0x30;

/** Where the events of one record came from, written out once for all of them. */
export class Arrival {
  readonly record: Omit<Place, 'index'>;
  readonly shard: Uint8Array;
  /** Of the event at `index`. */
  readonly sequence: Uint8Array;
  /** Days since 1970. */
  readonly ingestDate: number;
  /** Microseconds since 1970, exact until the year 2255. */
  readonly arrivedMicros: number;

  constructor(record: Omit<Place, 'index'>) {
    const { _shard, _sequence, _ingest_date } = placeValues({ ...record, index: 0 });
    this.record = record;
    this.shard = Buffer.from(_shard);
    this.sequence = Buffer.from(_sequence);
    this.ingestDate = _ingest_date;
    this.arrivedMicros = Number(record.arrivedAt);
  }

  set index(index: number) {
    const { sequence } = this;
    for (let i = 1, rest = index; i <= INDEX_WIDTH; i++, rest = Math.floor(rest / 10))
      sequence[sequence.length - i] = ZERO + (rest % 10);
  }
}
