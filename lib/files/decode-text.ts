import { isUtf8 } from 'node:buffer';
import type { Encoding } from '../source/source-mapping.ts';
import type { Bytes } from './file-rows.ts';

/** The text of a line; undefined when its bytes are none in the encoding. */
export type TextReader = (bytes: Buffer) => string | undefined;

/** UTF-16 is made UTF-8 before lines are cut, so its lines are read as UTF-8. */
export const textReaderOf = (encoding: Encoding): TextReader =>
  encoding === 'utf-8' || encoding === 'utf-16le' ? readUtf8 : readWindows1252;

const readUtf8: TextReader = (bytes) => (isUtf8(bytes) ? bytes.toString('utf8') : undefined);

/** On the web, and so in every exporter's mind, Latin 1 is windows-1252, which gives the controls from 80 on signs. */
const windows1252 = new TextDecoder('windows-1252', { fatal: true });
const readWindows1252: TextReader = (bytes) => windows1252.decode(bytes);

/** No byte of UTF-8: what is no character becomes it, so that the line it stands in is refused. */
const INVALID = Buffer.from([0xff]);

/** Makes UTF-16 (little-endian) UTF-8, in the order of its bytes. */
export async function* utf8Of(bytes: Bytes): Bytes {
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = Buffer.concat([rest, chunk]);
    const end = wholeUnits(all);
    yield encode(all.toString('utf16le', 0, end));
    rest = all.subarray(end);
  }
  if (rest.length > 1) yield encode(rest.toString('utf16le', 0, rest.length & ~1));
  if (rest.length % 2 === 1) yield INVALID;
}

/** Bytes that can be decoded now: neither half a unit nor half a pair of them. */
function wholeUnits(bytes: Buffer): number {
  const even = bytes.length & ~1;
  const isHalfPair = even > 0 && (bytes.readUInt16LE(even - 2) & 0xfc00) === 0xd800;
  return isHalfPair ? even - 2 : even;
}

const HALF_PAIR = /\p{Surrogate}/u;

function encode(text: string): Buffer {
  if (!HALF_PAIR.test(text)) return Buffer.from(text, 'utf8');
  const pieces = text.split(/(\p{Surrogate})/u);
  return Buffer.concat(pieces.map((piece) => (!HALF_PAIR.test(piece) ? Buffer.from(piece, 'utf8') : INVALID)));
}
