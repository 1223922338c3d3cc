import { type Contract, tableId } from '../../lib/contract/contract.ts';
import type { Found, RowBlock } from '../../lib/files/file-rows.ts';
import type { LandedTable, Landing } from '../../lib/landing/landing.ts';
import type { Place } from '../../lib/landing/place.ts';
import type { Digest } from '../../lib/source/event-digest.ts';
import { mapObject, mapRow } from '../../lib/source/map-rows.ts';
import type { KeyedMapping } from '../../lib/source/source-mapping.ts';
import type { Tally } from '../shared/file-ports.ts';
import type { Destinations, FileTable } from './route-file.ts';

/** Rows that are held at once, and bytes of the file that they were made of: what bounds the memory. */
const CHUNK_ROWS = 8_000;
const CHUNK_BYTES = 16 * 1024 * 1024;

/** The file that rows are of. */
export interface Origin {
  readonly uri: string;
  readonly shard: string;
  /** Microseconds since 1970. */
  readonly arrivedAt: bigint;
  /** Of the table that its folder names; none where no contract takes files there. */
  readonly contract?: Contract | undefined;
}

/** What rows are taken through. */
export interface Gate {
  readonly landing: Landing;
  /** Stages all tables, or throws. */
  readonly stage: (tables: readonly LandedTable[]) => Promise<void>;
  readonly destinationOf: Destinations;
}

/** Takes rows of a file through the ingest gate, and stages them chunk by chunk. */
export class RowLander {
  private readonly gate: Gate;
  private readonly origin: Origin;
  private readonly produced: Map<string, number>;
  private rows: number;
  private landed: number;
  private refused: number;
  private heldRows = 0;
  private heldBytes = 0;

  constructor(gate: Gate, origin: Origin, before: Tally) {
    this.gate = gate;
    this.origin = origin;
    ({ rows: this.rows, landed: this.landed, refused: this.refused } = before);
    this.produced = new Map(Object.entries(before.produced));
    // What an earlier call took and could not stage comes again with its own message.
    gate.landing.drain();
  }

  get tally(): Tally {
    const { rows, landed, refused, produced } = this;
    return { rows, landed, refused, produced: Object.fromEntries(produced) };
  }

  async take({ rows, bytes }: RowBlock, eventOf: EventMaker): Promise<void> {
    for (const row of rows) this.takeRow(row, eventOf);
    this.rows += rows.length;
    this.heldRows += rows.length;
    this.heldBytes += bytes;
    if (this.heldRows >= CHUNK_ROWS || this.heldBytes >= CHUNK_BYTES) await this.stage();
  }

  /** One entry for the file, or for what could not be read of a part of it. */
  refuseFile(reason: string, part = 0): void {
    const { uri } = this.origin;
    this.refuse(this.placeOf(0, part), { reason, original: uri, payload: uri });
  }

  async stage(): Promise<void> {
    const tables = this.gate.landing.drain();
    this.countHeld(tables);
    await this.gate.stage(tables);
    this.heldRows = 0;
    this.heldBytes = 0;
  }

  private takeRow(row: Found, eventOf: EventMaker): void {
    const place = this.placeOf(row.number);
    if (row.type === 'Row') {
      const event = eventOf(row.data);
      this.count(this.gate.destinationOf(event), this.gate.landing.takeEvent(event, place));
    } else {
      const original = row.text ?? `${this.origin.uri}#${row.number}`;
      this.refuse(place, { reason: `row ${row.number}: ${row.reason}`, original });
    }
  }

  /** What cannot be read was meant for the table of its folder. */
  private refuse(place: Place, { reason, ...found }: { reason: string; original: string; payload?: string }): void {
    const { uri, contract } = this.origin;
    const findings = [{ rule: 'g0.encoding', reason }] as const;
    this.gate.landing.refuse(place, { findings, ...found, source: uri, ...(contract && { contract }) });
    this.count(contract ? tableId(contract) : this.gate.destinationOf(undefined), false);
  }

  private placeOf(number: number, index = 0): Place {
    const { shard, arrivedAt } = this.origin;
    return { shard, sequence: String(number), index, arrivedAt };
  }

  /** Rows that would have landed, had their batch not been held. */
  private countHeld(tables: readonly LandedTable[]): void {
    for (const { events } of tables.flatMap(({ holds = [] }) => holds)) {
      this.landed -= events;
      this.refused += events;
    }
  }

  private count(table: string, lands: boolean): void {
    this.produced.set(table, (this.produced.get(table) ?? 0) + 1);
    if (lands) this.landed += 1;
    else this.refused += 1;
  }
}

/** Makes an event of what a row holds. */
export type EventMaker = (data: Readonly<Record<string, unknown>>) => unknown;

/** The events of a table's files: they come from the file, and were made by the source. */
export function eventMaker({ form, mapping }: FileTable, uri: string, digest: Digest): EventMaker {
  if (!mapping) return (data) => data;
  const ofFile: KeyedMapping = { ...mapping, source: uri, producer: mapping.source, digest };
  return form.format === 'csv'
    ? (data) => mapRow(ofFile, data as Readonly<Record<string, string>>)
    : (data) => mapObject(ofFile, data);
}
