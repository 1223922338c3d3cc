import { createHash, hash } from 'node:crypto';

/** A short key could be guessed, and with it all that was made with it. */
const MIN_KEY = 32;
/** Of SHA-256, in bytes. */
const [BLOCK, DIGEST] = [64, 32];

/** The bytes of a key. Throws for a short one, which `name` tells without showing it. */
export function keyBytes(key: string, name: string): Buffer {
  if (key.length >= MIN_KEY) return Buffer.from(key);
  throw new Error(`the ${name} has ${key.length} characters; allowed are ${MIN_KEY} or more`);
}

/** HMAC-SHA256 in hex, by its definition (RFC 2104): two hashes cost half of what an object for each text does. */
export function hmacOf(bytes: Buffer): (text: string) => string {
  const key = Buffer.alloc(BLOCK);
  (bytes.length > BLOCK ? createHash('sha256').update(bytes).digest() : bytes).copy(key);
  const inner = Buffer.from(key.map((byte) => byte ^ 0x36));
  const outer = Buffer.concat([key.map((byte) => byte ^ 0x5c), Buffer.alloc(DIGEST)]);
  return (text) => {
    outer.write(hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'binary'), BLOCK, 'binary');
    return hash('sha256', outer, 'hex');
  };
}
