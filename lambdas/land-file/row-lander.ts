import type { Found, RowBlock } from '../../lib/files/file-rows.ts';
import type { LandedTable, Landing } from '../../lib/landing/landing.ts';
import type { Place } from '../../lib/landing/place.ts';
import { mapObject, mapRow } from '../../lib/source/map-rows.ts';
import type { SourceMapping } from '../../lib/source/source-mapping.ts';
import type { Tally } from '../shared/file-ports.ts';
import type { FileTable } from './route-file.ts';

/** Rows that are held at once, and bytes of the file that they were made of: what bounds the memory. */
const CHUNK_ROWS = 20_000;
const CHUNK_BYTES = 16 * 1024 * 1024;

/** The file that rows are of. */
export interface Origin {
  readonly uri: string;
  readonly shard: string;
  /** Microseconds since 1970. */
  readonly arrivedAt: bigint;
}

/** Stages all tables, or throws. */
export type Stage = (tables: readonly LandedTable[]) => Promise<void>;

/** Takes rows of a file through the ingest gate, and stages them chunk by chunk. */
export class RowLander {
  tally: Tally;
  private readonly landing: Landing;
  private readonly stageTables: Stage;
  private readonly origin: Origin;
  private heldRows = 0;
  private heldBytes = 0;

  constructor(landing: Landing, stageTables: Stage, origin: Origin, before: Tally) {
    this.landing = landing;
    this.stageTables = stageTables;
    this.origin = origin;
    this.tally = before;
    // What an earlier call took and could not stage comes again with its own message.
    landing.drain();
  }

  async take({ rows, bytes }: RowBlock, eventOf: EventMaker): Promise<void> {
    let landed = 0;
    for (const row of rows) landed += this.takeRow(row, eventOf) ? 1 : 0;
    this.count(rows.length, landed, rows.length - landed);
    this.heldRows += rows.length;
    this.heldBytes += bytes;
    if (this.heldRows >= CHUNK_ROWS || this.heldBytes >= CHUNK_BYTES) await this.stage();
  }

  /** One entry for the file, or for what could not be read of a part of it. */
  refuseFile(reason: string, part = 0): void {
    const { uri } = this.origin;
    const findings = [{ rule: 'g0.encoding', reason }] as const;
    this.landing.refuse(this.placeOf(0, part), { findings, original: uri, payload: uri, source: uri });
    this.count(0, 0, 1);
  }

  async stage(): Promise<void> {
    await this.stageTables(this.landing.drain());
    this.heldRows = 0;
    this.heldBytes = 0;
  }

  private takeRow(row: Found, eventOf: EventMaker): boolean {
    const place = this.placeOf(row.number);
    if (row.type === 'Row') return this.landing.takeEvent(eventOf(row.data), place);
    const { uri } = this.origin;
    const findings = [{ rule: 'g0.encoding', reason: `row ${row.number}: ${row.reason}` }] as const;
    this.landing.refuse(place, { findings, original: row.text ?? `${uri}#${row.number}`, source: uri });
    return false;
  }

  private placeOf(number: number, index = 0): Place {
    const { shard, arrivedAt } = this.origin;
    return { shard, sequence: String(number), index, arrivedAt };
  }

  private count(rows: number, landed: number, refused: number): void {
    const { tally } = this;
    this.tally = { rows: tally.rows + rows, landed: tally.landed + landed, refused: tally.refused + refused };
  }
}

/** Makes an event of what a row holds. */
export type EventMaker = (data: Readonly<Record<string, unknown>>) => unknown;

/** The events of a table's files: they come from the file, and were made by the source. */
export function eventMaker({ form, mapping }: FileTable, uri: string): EventMaker {
  if (!mapping) return (data) => data;
  const ofFile: SourceMapping = { ...mapping, source: uri, producer: mapping.source };
  return form.format === 'csv'
    ? (data) => mapRow(ofFile, data as Readonly<Record<string, string>>)
    : (data) => mapObject(ofFile, data);
}
