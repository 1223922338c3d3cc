import type { Contract } from '../contract/contract.ts';
import type { Arrival } from './arrival.ts';
import { CLOSE_OBJECT, COLON, COMMA, type JsonCursor, OPEN_OBJECT } from './json-cursor.ts';
import { JsonKeys } from './json-keys.ts';
import { takeScalar } from './scalar-readers.ts';
import { StructReader } from './struct-reader.ts';
import { AT, ATTRIBUTES, type Places, SystemReader } from './system-reader.ts';
import type { TableRows } from './table-rows.ts';
import type { Tokeniser } from './tokenise.ts';

const KEYS = new JsonKeys(ATTRIBUTES);
const SPECVERSION = Buffer.from('"1.0"');
/** An event with more attributes of its own is left to the slower half. */
const MAX_OTHERS = 16;

/** How events of one type become rows. */
interface Target {
  /** As JSON. */
  readonly type: Uint8Array;
  readonly rows: TableRows;
  readonly data: StructReader;
  readonly system: SystemReader;
}

/**
 * Reads events straight from JSON's bytes into columns. It takes only what is plainly good, and decides nothing else:
 * an event that it does not take goes to the gate's slower half, which knows every rule and tells every reason.
 */
export class EventReader {
  private readonly targets: Target[] = [];
  private readonly places: Places = new Int32Array(ATTRIBUTES.length);
  /** Keys of the event's other attributes. */
  private others: Buffer[] = [];
  private target: Target | undefined;
  private isDataRead = false;
  private next = 0;

  /** Events of this type are read into these rows. */
  add(event: string, contract: Contract, rows: TableRows, tokenise: Tokeniser): void {
    const { members } = rows.builder;
    this.targets.push({
      type: Buffer.from(JSON.stringify(event)),
      rows,
      data: new StructReader(contract.columns, members, tokenise),
      system: new SystemReader(members, contract.version),
    });
  }

  /** Reads the event at the cursor, and leaves no trace of one that it does not take. */
  read(cursor: JsonCursor, arrival: Arrival): boolean {
    this.places.fill(-1);
    this.others = [];
    this.target = undefined;
    this.isDataRead = false;
    const isTaken = this.readMembers(cursor) && this.readRow(cursor, arrival);
    if (!isTaken) this.dropRow();
    return isTaken;
  }

  private readMembers(cursor: JsonCursor): boolean {
    if (!cursor.take(OPEN_OBJECT)) return false;
    this.next = 0;
    do if (!this.readMember(cursor)) return false;
    while (cursor.take(COMMA));
    return cursor.take(CLOSE_OBJECT);
  }

  private readMember(cursor: JsonCursor): boolean {
    const attribute = KEYS.take(cursor, this.next);
    if (attribute < 0) return this.takeOther(cursor);
    if (this.placeOf(attribute) >= 0) return false; // the key came before
    this.places[attribute] = cursor.at;
    this.next = attribute + 1;
    if (attribute !== AT.data) return cursor.skipScalar();
    return this.placeOf(AT.type) < 0 ? cursor.skipValue() : this.readData(cursor);
  }

  /** Attributes that the gate does not read may be there, each once, as any scalar. */
  private takeOther(cursor: JsonCursor): boolean {
    cursor.skipSpace();
    const end = cursor.plainStringEnd();
    if (end < 0 || this.others.length === MAX_OTHERS) return false;
    const key = cursor.bytes.subarray(cursor.at, end + 1);
    if (this.others.some((other) => other.equals(key))) return false;
    this.others.push(key);
    cursor.at = end + 1;
    if (!cursor.take(COLON)) return false;
    cursor.skipSpace();
    return takeScalar(cursor) !== undefined;
  }

  private readData(cursor: JsonCursor): boolean {
    const { at } = cursor;
    cursor.at = this.placeOf(AT.type);
    this.target = this.targets.find(({ type }) => cursor.takeBytes(type));
    cursor.at = at;
    this.isDataRead = true;
    return this.target?.data.read(cursor, this.target.rows.count) ?? false;
  }

  private readRow(cursor: JsonCursor, arrival: Arrival): boolean {
    const { at } = cursor;
    cursor.at = this.placeOf(AT.specversion);
    if (cursor.at < 0 || this.placeOf(AT.type) < 0 || !cursor.takeBytes(SPECVERSION)) return false;
    cursor.at = this.placeOf(AT.data);
    if (cursor.at < 0 || (!this.isDataRead && !this.readData(cursor))) return false;
    if (!this.target?.system.read(cursor, this.places, arrival)) return false;
    this.target.rows.builder.endStruct();
    cursor.at = at;
    return true;
  }

  /** Takes back what the event's row holds so far. */
  private dropRow(): void {
    this.target?.rows.builder.truncate(this.target.rows.count);
  }

  private placeOf(attribute: number): number {
    return this.places[attribute] as number;
  }
}
