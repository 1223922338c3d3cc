import { type Contract, tableId } from '../contract/contract.ts';
import { Arrival } from './arrival.ts';
import { EventReader } from './event-reader.ts';
import { implausibleTime, isPlausibleTime } from './event-time.ts';
import { findLosses } from './find-losses.ts';
import { type HoldableGate, HoldingGate } from './hold-suspects.ts';
import { compileIntakes, type Intake, type Intakes, masked, noContract, watchedOf } from './intake.ts';
import { CLOSE_ARRAY, COMMA, JsonCursor, OPEN_ARRAY } from './json-cursor.ts';
import { BINARY, FAULTS, isTooDeep, maxItems, openRecord } from './open-record.ts';
import { type Place, systemValues } from './place.ts';
import { quarantineRow, type Refusal } from './quarantine-row.ts';
import { type Envelope, readEnvelope, textOf } from './read-envelope.ts';
import type { Finding, Row } from './row.ts';
import type { Sealer } from './seal.ts';
import { isObject, type Shaped } from './shape-row.ts';
import { quarantineTableOf } from './staged-batch.ts';
import { QUARANTINE_COLUMNS } from './system-columns.ts';
import { type LandedTable, TableRows } from './table-rows.ts';
import type { Tokeniser } from './tokenise.ts';

export type { LandedTable } from './table-rows.ts';

/** A record of the stream, as far as landing needs it. */
export interface StreamRecord extends Omit<Place, 'index'> {
  /** Base64. */
  readonly data: string;
}

/**
 * The ingest gate (G0): each event becomes a row of its table, or a quarantined row with all its reasons. It throws
 * for no data, so that nothing is retried in vain.
 */
export interface Landing {
  /** Takes all events of a record. */
  takeRecord(record: StreamRecord): void;
  /** Takes one event that is an object already: of a file's row, or of a replay. True when it lands. */
  takeEvent(event: unknown, place: Place): boolean;
  /** Takes one event as the text that was sealed when it was refused. True when it lands now. */
  takeText(text: string, place: Place): boolean;
  /** Takes what can never be read, with its text. */
  refuse(place: Place, refusal: Refusal): void;
  /** Takes an entry of the quarantine, such as one that closes what was refused. */
  takeEntry(entry: Row, place: Place): void;
  /** What was taken since the last call. */
  drain(): LandedTable[];
}

/** An event that is judged, as an object and as its text where it came as one. */
interface Candidate {
  readonly event: unknown;
  readonly original: string;
  /** What the parser lost of the text. */
  readonly losses: readonly Finding[];
}

/** Version of the quarantine's columns. */
const QUARANTINE_VERSION = '1.0.0';

/** Compiles a domain's contracts into its ingest gate. What it refuses is sealed as it came. */
export function compileLanding(
  domain: string,
  contracts: readonly Contract[],
  tokenise: Tokeniser,
  sealer: Sealer,
): Landing {
  const intakes = compileIntakes(contracts, tokenise);
  return new HoldingGate(new IngestGate(domain, intakes, tokenise, sealer), watchedOf(intakes));
}

/**
 * It has two halves. The reader takes what is plainly good from bytes to columns, which is nearly all; what it leaves
 * is parsed and judged here, rule by rule, to land after all or to be quarantined with every reason.
 */
class IngestGate implements HoldableGate {
  private readonly domain: string;
  private readonly intakes: Intakes;
  private readonly tokenise: Tokeniser;
  private readonly sealer: Sealer;
  private reader = new EventReader();
  private held: ReadonlyMap<string, readonly Finding[]> = new Map();
  private readonly quarantine: TableRows;
  private readonly tables: readonly TableRows[];

  constructor(domain: string, intakes: Intakes, tokenise: Tokeniser, sealer: Sealer) {
    this.domain = domain;
    this.intakes = intakes;
    this.tokenise = tokenise;
    this.sealer = sealer;
    this.hold(new Map());
    const table = quarantineTableOf(domain);
    this.quarantine = new TableRows({ table, columns: QUARANTINE_COLUMNS, contractVersion: QUARANTINE_VERSION });
    this.tables = [...[...intakes.values()].map(({ rows }) => rows), this.quarantine];
  }

  hold(tables: ReadonlyMap<string, readonly Finding[]>): void {
    this.held = tables;
    this.reader = new EventReader();
    for (const [event, { contract, rows }] of this.intakes)
      if (!tables.has(tableId(contract))) this.reader.add(event, contract, rows, this.tokenise);
  }

  takeRecord({ data, ...record }: StreamRecord): void {
    const place = { ...record, index: 0 };
    const opened = openRecord(data);
    if (opened.type === 'NoText') {
      this.refuse(place, { findings: [opened.finding], original: opened.payload });
      return;
    }
    const fault = this.readRecord(new JsonCursor(opened.bytes), new Arrival(record));
    if (fault) {
      for (const table of this.tables) table.undoRecord();
      this.refuse(place, { findings: [fault], original: opened.bytes.toString() });
    } else this.endRecord(record);
  }

  takeEvent(event: unknown, place: Place): boolean {
    const lands = this.judge({ event, original: JSON.stringify(event), losses: [] }, place);
    this.endRecord(place);
    return lands;
  }

  takeText(text: string, place: Place): boolean {
    const opened = openRecord(base64Of(text));
    // An array is one event that is none: its members would take the places of those beside it in their record.
    const lands = opened.type === 'Text' ? this.judgeText(opened.bytes, place) : undefined;
    const finding = opened.type === 'Text' ? FAULTS.noJson : opened.finding;
    if (lands === undefined) this.refuse(place, { findings: [finding], original: text });
    this.endRecord(place);
    return lands ?? false;
  }

  refuse(place: Place, refusal: Refusal): void {
    this.takeEntry(quarantineRow(this.domain, place, refusal, this.sealer), place);
  }

  takeEntry(entry: Row, place: Place): void {
    this.quarantine.add(entry);
    this.endRecord(place);
  }

  drain(): LandedTable[] {
    return this.tables.filter(({ count }) => count > 0).map((table) => table.drain());
  }

  /** Takes a record's events one after the other, until one tells that the record as a whole is no good. */
  private readRecord(cursor: JsonCursor, arrival: Arrival): Finding | undefined {
    const isBatch = cursor.take(OPEN_ARRAY);
    if (isBatch && cursor.take(CLOSE_ARRAY)) return cursor.isAtEnd() ? FAULTS.empty : FAULTS.noJson;
    const mostItems = maxItems(cursor.bytes);
    let index = 0;
    do {
      if (index >= mostItems) return FAULTS.hollow;
      cursor.skipSpace();
      const { at } = cursor;
      arrival.index = index;
      if (!this.reader.read(cursor, arrival)) {
        cursor.at = at;
        const fault = this.parseEvent(cursor, { ...arrival.record, index });
        if (fault) return fault;
      }
      index++;
    } while (isBatch && cursor.take(COMMA));
    return (!isBatch || cursor.take(CLOSE_ARRAY)) && cursor.isAtEnd() ? undefined : FAULTS.noJson;
  }

  private parseEvent(cursor: JsonCursor, place: Place): Finding | undefined {
    const { at } = cursor;
    if (!cursor.skipValue()) return FAULTS.noJson;
    const lands = this.judgeText(cursor.bytes.subarray(at, cursor.at), place);
    return lands === undefined ? FAULTS.noJson : undefined;
  }

  /** Whether an event lands that came as text; undefined, with nothing taken, when it is no JSON. */
  private judgeText(json: Buffer, place: Place): boolean | undefined {
    const original = json.toString();
    if (isTooDeep(new JsonCursor(json))) {
      this.refuseEvent(place, { findings: [FAULTS.tooDeep], original });
      return false;
    }
    const event = parse(original);
    return event === undefined ? undefined : this.judge({ event, original, losses: findLosses(json) }, place);
  }

  private judge(candidate: Candidate, place: Place): boolean {
    const { event, original, losses } = candidate;
    const enveloped = readEnvelope(event);
    if (enveloped.type === 'Envelope') return this.judgeData(enveloped.envelope, candidate, place);
    this.refuseEvent(place, { findings: [...losses, ...enveloped.findings], original, ...this.knownOf(event) });
    return false;
  }

  /** Without an envelope, an event may still say where it came from, and by its type what it was meant for. */
  private knownOf(event: unknown): Pick<Refusal, 'contract' | 'payload' | 'source'> {
    if (!isObject(event)) return {};
    const source = textOf(event.source);
    const intake = this.intakes.get(textOf(event.type) ?? '');
    return {
      ...(source !== undefined && { source }),
      ...(intake && { contract: intake.contract, payload: masked(event, intake) }),
    };
  }

  private judgeData(envelope: Envelope, { event, original, losses }: Candidate, place: Place): boolean {
    const intake = this.intakes.get(envelope.type);
    if (!intake) {
      const findings = [...losses, noContract(envelope.type, this.intakes)];
      this.refuseEvent(place, { findings, original, envelope });
      return false;
    }
    const { contract, shape, mask, rows } = intake;
    const shaped = shape(envelope.data);
    const personal = this.personalFindings(shaped, intake, place);
    const findings = [
      ...losses,
      ...timeFindings(envelope, place),
      ...(shaped.type === 'Misfit' ? shaped.findings : []),
      ...personal,
    ];
    if (shaped.type === 'Misfit' || findings.length > 0) {
      // What is personal without being declared is masked by nothing.
      const payload = personal.length > 0 ? {} : { payload: masked(event, intake) };
      this.refuseEvent(place, { findings, original, ...payload, envelope, contract });
      return false;
    }
    rows.add({ ...(mask(shaped.row) as Row), ...systemValues(envelope, place, contract.version) });
    return true;
  }

  /** Of a batch that is held; or of an event that is judged once more, by itself. */
  private personalFindings(shaped: Shaped, { contract, suspects }: Intake, { again }: Place): readonly Finding[] {
    const held = this.held.get(tableId(contract)) ?? [];
    return again && shaped.type === 'Row' ? [...held, ...suspects(shaped.row, again)] : held;
  }

  private refuseEvent(place: Place, refusal: Refusal): void {
    this.quarantine.add(quarantineRow(this.domain, place, refusal, this.sealer));
  }

  private endRecord({ shard, sequence }: Pick<Place, 'shard' | 'sequence'>): void {
    for (const table of this.tables) table.endRecord(shard, sequence);
  }
}

function timeFindings({ time }: Envelope, { arrivedAt }: Place): Finding[] {
  const [happened, arrived] = [Number(time), Number(arrivedAt)];
  return isPlausibleTime(happened, arrived) ? [] : [implausibleTime(happened, arrived)];
}

/** Undefined when it is no JSON; all of JSON's values are defined. */
function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** Of what was sealed: the text of an event, or the bytes of a record that is no text. */
const base64Of = (sealed: string): string =>
  sealed.startsWith(BINARY) ? sealed.slice(BINARY.length) : Buffer.from(sealed, 'utf8').toString('base64');
