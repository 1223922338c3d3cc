import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { type Place, placeId } from './place.ts';

/** Encrypts what came in the form it came in, so that it can be replayed and nobody reads it by the way. */
export interface Sealer {
  seal(text: string, place: Place): string;
}

/** A key of 256 bits for payloads, and the same as only the quarantine's own key can decrypt it. */
export interface DataKey {
  readonly plain: Uint8Array;
  readonly encrypted: Uint8Array;
}

/** A sealed text, taken apart but not opened. */
export interface Sealed {
  readonly encryptedKey: Uint8Array;
  readonly iv: Uint8Array;
  readonly ciphertext: Uint8Array;
  readonly tag: Uint8Array;
}

const VERSION = 'v1';
const ALGORITHM = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals as `v1.<encrypted data key>.<iv>.<ciphertext and tag>`, each in base64: whoever has the text and the right
 * needs no more. The place is authenticated too, so that a payload moved to another row does not open.
 */
export const sealerOf = (key: DataKey): Sealer => ({
  seal(text, place) {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv(ALGORITHM, key.plain, iv).setAAD(bytesOf(place));
    const ciphertext = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return [VERSION, ...[key.encrypted, iv, ciphertext].map((bytes) => Buffer.from(bytes).toString('base64'))].join(
      '.',
    );
  },
});

/** A payload that nothing opens: it is not what was sealed, or not where. */
export class BrokenSealError extends Error {
  override readonly name = 'BrokenSealError';
}

/** Takes a sealed text apart. Throws a `BrokenSealError` for anything else. */
export function parseSealed(text: string): Sealed {
  const [version, ...parts] = text.split('.');
  const [encryptedKey, iv, rest] = parts.map((part) => Buffer.from(part, 'base64'));
  if (version !== VERSION || parts.length !== 3 || !encryptedKey || !iv || !rest || rest.length < TAG_BYTES)
    throw new BrokenSealError(`sealed payload: found ${parts.length + 1} parts; allowed is v1.<key>.<iv>.<ciphertext>`);
  return { encryptedKey, iv, ciphertext: rest.subarray(0, -TAG_BYTES), tag: rest.subarray(-TAG_BYTES) };
}

/** Opens a sealed text with its data key, decrypted. Throws a `BrokenSealError` when text or place are not those sealed. */
export function unseal({ iv, ciphertext, tag }: Sealed, place: Place, plainKey: Uint8Array): string {
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv(ALGORITHM, plainKey, iv, options).setAAD(bytesOf(place)).setAuthTag(tag);
  try {
    return decipher.update(ciphertext, undefined, 'utf8') + decipher.final('utf8');
  } catch (cause) {
    throw new BrokenSealError(`the payload sealed at ${placeId(place)} was changed or moved`, { cause });
  }
}

const bytesOf = (place: Place): Buffer => Buffer.from(placeId(place), 'utf8');
