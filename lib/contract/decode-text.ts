/** A contract of 2,000 columns that says a lot of each has half of that. */
const MAX_BYTES = 2 * 1024 * 1024;

export interface Decoded {
  /** Empty when it is refused. */
  readonly text: string;
  readonly refusal?: { readonly offset: number; readonly text: string };
}

/** The text of a file that people write: UTF-8, of bearable length, without characters that no editor shows. */
export function decodeText(content: string | Uint8Array): Decoded {
  const size = typeof content === 'string' ? content.length : content.byteLength;
  if (size > MAX_BYTES) return refused(`found ${size} bytes, allowed: ${MAX_BYTES}`);
  const text = typeof content === 'string' ? content : decoded(content);
  if (text === undefined) return refused('found bytes that are no UTF-8, allowed: text in UTF-8');
  const at = text.search(HIDDEN);
  if (at < 0) return { text };
  const code = text.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0');
  return refused(
    `found the control character U+${code} on line ${text.slice(0, at).split('\n').length}, allowed: none`,
  );
}

const refused = (text: string): Decoded => ({ text: '', refusal: { offset: 0, text } });

/** All but tab, line feed and carriage return below the space, and what never is a character. */
const HIDDEN = /[^\t\n\r\u0020-\u007e\u0085\u00a0-\ufffd]/;

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
