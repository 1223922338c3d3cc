import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, JsonCursor, OPEN_ARRAY, OPEN_OBJECT } from './json-cursor.ts';
import { keepsNumber } from './json-number.ts';
import type { Finding } from './row.ts';

const MAX_LOSSES = 20;
const QUOTE = '"';

/**
 * What a JSON parser drops without a word: all values but the last of a key that occurs twice, and the digits of a
 * number that becomes a whole one.
 * @param json valid, and no deeper than the gate allows
 */
export function findLosses(json: Buffer): Finding[] {
  const reasons = new Set<string>();
  walk(new JsonCursor(json), reasons);
  return [...reasons].slice(0, MAX_LOSSES).map((reason) => ({ rule: 'g0.encoding', reason }));
}

function walk(cursor: JsonCursor, reasons: Set<string>): void {
  if (cursor.take(OPEN_OBJECT)) walkObject(cursor, reasons);
  else if (cursor.take(OPEN_ARRAY)) walkArray(cursor, reasons);
  else if (!keepsScalar(textAt(cursor)))
    reasons.add('a number has more digits than JSON numbers keep; send it as a string');
}

function walkObject(cursor: JsonCursor, reasons: Set<string>): void {
  const keys = new Set<string>();
  while (!cursor.take(CLOSE_OBJECT)) {
    cursor.skipSpace();
    const key: string = JSON.parse(textAt(cursor));
    if (keys.has(key)) reasons.add(`key '${key.slice(0, 100)}' occurs twice in one object; send it once`);
    keys.add(key);
    cursor.take(COLON);
    walk(cursor, reasons);
    cursor.take(COMMA);
  }
}

function walkArray(cursor: JsonCursor, reasons: Set<string>): void {
  while (!cursor.take(CLOSE_ARRAY)) {
    walk(cursor, reasons);
    cursor.take(COMMA);
  }
}

function textAt(cursor: JsonCursor): string {
  const from = cursor.at;
  cursor.skipScalar();
  return cursor.text(from, cursor.at);
}

const keepsScalar = (text: string): boolean => text.startsWith(QUOTE) || keepsNumber(text);
