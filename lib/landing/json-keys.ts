import { COLON, type JsonCursor } from './json-cursor.ts';

/** Finds which of the known keys an object has at a cursor, without making strings of them. */
export class JsonKeys {
  private readonly keys: readonly Uint8Array[];

  constructor(names: readonly string[]) {
    this.keys = names.map((name) => Uint8Array.from(Buffer.from(JSON.stringify(name))));
  }

  /**
   * Takes a key and its colon; the cursor then stands at the value.
   * @param likely the key that is tried first: producers keep to an order
   * @returns the key's index; -1, with nothing taken, when it is not known or not written plainly
   */
  take(cursor: JsonCursor, likely: number): number {
    cursor.skipSpace();
    const { at } = cursor;
    const index = this.indexAt(cursor, likely);
    if (index < 0 || !cursor.take(COLON)) {
      cursor.at = at;
      return -1;
    }
    cursor.skipSpace();
    return index;
  }

  private indexAt(cursor: JsonCursor, likely: number): number {
    const { keys } = this;
    if (likely < keys.length && cursor.takeBytes(keys[likely] as Uint8Array)) return likely;
    for (let i = 0; i < keys.length; i++) if (cursor.takeBytes(keys[i] as Uint8Array)) return i;
    return -1;
  }
}
