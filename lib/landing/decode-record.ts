import type { Finding } from './row.ts';

/** What a Kinesis record holds: one event, or a batch of them. Not yet known to be CloudEvents. */
export type Decoded =
  | { readonly type: 'Events'; readonly events: readonly unknown[] }
  | { readonly type: 'Undecodable'; readonly finding: Finding; readonly payload: string };

/** Before the base64 of bytes that are no text. */
export const BINARY = 'base64:';
/** Deeper nesting is no data of a contract, and would exhaust the stack of whatever walks it. */
const MAX_DEPTH = 64;
/** First bytes of a record that the Kinesis Producer Library aggregated. */
const KPL_MAGIC = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);

/** Reads the text of a Kinesis record. What can never be read comes back as a reason, with the bytes kept. */
export function decodeRecord(base64: string): Decoded {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.subarray(0, KPL_MAGIC.length).equals(KPL_MAGIC)) {
    return undecodable(`${BINARY}${base64}`, 'the record is KPL-aggregated; send a JSON array of events instead');
  }
  const text = textOf(bytes);
  if (text === undefined) return undecodable(`${BINARY}${base64}`, 'the record is not UTF-8 text; send JSON as UTF-8');
  if (depthOf(text) > MAX_DEPTH) return undecodable(text, `the record nests deeper than ${MAX_DEPTH} levels`);
  return parse(text);
}

function parse(text: string): Decoded {
  try {
    const found: unknown = JSON.parse(text);
    const events = Array.isArray(found) ? found : [found];
    return events.length > 0 ? { type: 'Events', events } : undecodable(text, 'the record is an empty batch');
  } catch {
    // The parser's own message quotes the payload, which may be personal data.
    return undecodable(text, 'the record is not JSON; send one CloudEvent or a JSON array of them');
  }
}

function textOf(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** Counted on the text, since by the time it is parsed a deep value is already a risk. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i];
    if (char === '"') quoted = !quoted;
    else if (quoted) i += char === '\\' ? 1 : 0;
    else if (char === '{' || char === '[') deepest = Math.max(deepest, ++depth);
    else if (char === '}' || char === ']') depth--;
  }
  return deepest;
}

function undecodable(payload: string, reason: string): Decoded {
  return { type: 'Undecodable', payload, finding: { rule: 'g0.encoding', reason } };
}
