const QUOTE = 0x22;
const BACKSLASH = 0x5c;
export const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [0x7b, 0x7d, 0x5b, 0x5d];
export const [COMMA, COLON, MINUS, DOT] = [0x2c, 0x3a, 0x2d, 0x2e];
const NULL = Uint8Array.from(Buffer.from('null'));
const SPACES = [0x20, 0x09, 0x0a, 0x0d];

const tableOf = (has: (byte: number) => boolean) => Uint8Array.from({ length: 256 }, (_, byte) => (has(byte) ? 1 : 0));
/** Bytes that stand for themselves within a string. */
const PLAIN = tableOf((byte) => byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH);
/** Bytes that end a number or a word. */
const ENDS_WORD = tableOf((byte) => byte <= 0x20 || [COMMA, CLOSE_OBJECT, CLOSE_ARRAY, COLON, QUOTE].includes(byte));

/**
 * Walks over JSON as UTF-8 bytes. It takes what it is asked for or says false: who uses it then gives up and asks
 * `JSON.parse`, so this need not know what is wrong.
 */
export class JsonCursor {
  at = 0;
  readonly bytes: Buffer;

  /** @param bytes valid UTF-8 */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The byte at the cursor; undefined at the end. */
  get byte(): number | undefined {
    return this.bytes[this.at];
  }

  /** Whether only space is left. */
  isAtEnd(): boolean {
    this.skipSpace();
    return this.at >= this.bytes.length;
  }

  skipSpace(): void {
    while ((this.bytes[this.at] as number) <= 0x20 && SPACES.includes(this.bytes[this.at] as number)) this.at++;
  }

  /** Takes this byte, after any space. */
  take(byte: number): boolean {
    this.skipSpace();
    if (this.bytes[this.at] !== byte) return false;
    this.at++;
    return true;
  }

  /** Takes exactly these bytes. */
  takeBytes(expected: Uint8Array): boolean {
    const { bytes, at } = this;
    for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
    this.at = at + expected.length;
    return true;
  }

  takeNull(): boolean {
    return this.byte === NULL[0] && this.takeBytes(NULL);
  }

  /** The end of the string at the cursor when it is one without escapes, which is its text as it stands; or -1. */
  plainStringEnd(): number {
    if (this.bytes[this.at] !== QUOTE) return -1;
    const end = this.plainEnd(this.at + 1);
    return this.bytes[end] === QUOTE ? end : -1;
  }

  /** Skips a string, a number or a word, with anything in it. */
  skipScalar(): boolean {
    if (this.byte === QUOTE) return this.skipString();
    const from = this.at;
    while (ENDS_WORD[this.bytes[this.at] as number] === 0) this.at++;
    return this.at > from;
  }

  /** Skips a value of any depth, without looking closely. */
  skipValue(): boolean {
    let depth = 0;
    do {
      this.skipSpace();
      const byte = this.byte;
      if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) depth--;
      else if (byte !== COMMA && byte !== COLON) {
        if (!this.skipScalar()) return false;
        continue;
      }
      this.at++;
    } while (depth > 0);
    return depth === 0;
  }

  text(from: number, to: number): string {
    return this.bytes.toString('utf8', from, to);
  }

  private skipString(): boolean {
    for (let at = this.plainEnd(this.at + 1); ; at = this.plainEnd(at + 2)) {
      if (this.bytes[at] === BACKSLASH) continue;
      this.at = at + 1;
      return this.bytes[at] === QUOTE;
    }
  }

  private plainEnd(from: number): number {
    const { bytes } = this;
    let at = from;
    while (PLAIN[bytes[at] as number] === 1) at++;
    return at;
  }
}
