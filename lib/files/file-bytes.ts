import type { Bytes, RandomAccess } from './file-rows.ts';

/** Read at once: a request each. */
const REQUEST_BYTES = 8 * 1024 * 1024;
/** Handed on at once, so that what is made of them stays small. */
const CHUNK_BYTES = 256 * 1024;

/** The bytes of a file in order. Each request is short, so no connection idles while rows are made. */
export async function* bytesOf(file: RandomAccess, from = 0, to = file.size): Bytes {
  for (let at = from; at < to; at += REQUEST_BYTES) {
    const bytes = await file.read(at, Math.min(to, at + REQUEST_BYTES));
    for (let start = 0; start < bytes.length; start += CHUNK_BYTES) yield bytes.subarray(start, start + CHUNK_BYTES);
  }
}
