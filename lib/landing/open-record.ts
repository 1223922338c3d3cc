import { isUtf8 } from 'node:buffer';
import { CLOSE_ARRAY, CLOSE_OBJECT, type JsonCursor, OPEN_ARRAY, OPEN_OBJECT } from './json-cursor.ts';
import type { Finding } from './row.ts';

/** What a record of the stream holds: text, which may be JSON, or bytes that can never be read. */
export type Opened =
  | { readonly type: 'Text'; readonly bytes: Buffer }
  | { readonly type: 'NoText'; readonly finding: Finding; readonly payload: string };

/** Before the base64 of bytes that are no text. */
export const BINARY = 'base64:';
/** Deeper nesting is no data of a contract, and would exhaust the stack of whatever walks it. */
export const MAX_DEPTH = 64;
/** Below so many bytes an item cannot be an event: a batch of hollow ones would fill the quarantine and the memory. */
const MIN_EVENT_BYTES = 64;
/** So few items are judged one by one, however small. */
const FEW_ITEMS = 16;
/** First bytes of a record that the Kinesis Producer Library aggregated. */
const KPL_MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Why a record, or an event, cannot be looked at any closer. The parser's own message would quote the payload, which may be personal data. */
export const FAULTS = {
  aggregated: faultOf('the record is KPL-aggregated; send a JSON array of events instead'),
  noText: faultOf('the record is not UTF-8 text; send JSON as UTF-8'),
  noJson: faultOf('the record is not JSON; send one CloudEvent or a JSON array of them'),
  empty: faultOf('the record is an empty batch'),
  tooDeep: faultOf(`the event nests deeper than ${MAX_DEPTH} levels`),
  hollow: faultOf(`the record holds more items than events fit in its size, at ${MIN_EVENT_BYTES} bytes each`),
} as const;

/** Opens a record. What can never be read comes back as a reason, with the bytes kept. */
export function openRecord(base64: string): Opened {
  const bytes = Buffer.from(base64, 'base64');
  const finding = startsWith(bytes, KPL_MAGIC) ? FAULTS.aggregated : isUtf8(bytes) ? undefined : FAULTS.noText;
  if (finding) return { type: 'NoText', finding, payload: `${BINARY}${base64}` };
  return { type: 'Text', bytes: startsWith(bytes, BYTE_ORDER_MARK) ? bytes.subarray(BYTE_ORDER_MARK.length) : bytes };
}

/** How many items a record of this size may hold. */
export const maxItems = ({ length }: Buffer): number => Math.max(FEW_ITEMS, length / MIN_EVENT_BYTES);

/** Whether an event nests too deep: asked of its text, since by the time it is parsed a deep value is already a risk. */
export function isTooDeep(cursor: JsonCursor): boolean {
  let depth = 0;
  while (cursor.byte !== undefined && depth <= MAX_DEPTH) {
    if (cursor.byte === OPEN_OBJECT || cursor.byte === OPEN_ARRAY) depth++;
    else if (cursor.byte === CLOSE_OBJECT || cursor.byte === CLOSE_ARRAY) depth--;
    else if (cursor.skipScalar()) continue;
    cursor.at++;
  }
  return depth > MAX_DEPTH;
}

const startsWith = (bytes: Buffer, start: Buffer): boolean => bytes.subarray(0, start.length).equals(start);

function faultOf(reason: string): Finding {
  return { rule: 'g0.encoding', reason };
}
