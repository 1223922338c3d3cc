import { createHash, hash } from 'node:crypto';
import type { Column, Contract, Field } from '../contract/contract.ts';
import { isObject } from './shape-row.ts';

export type Tokeniser = (text: string) => string;
/** Replaces what the contract masks; all else stays the object it was. */
export type Masker = (found: unknown) => unknown;

/** A short key could be guessed, and with it every token. */
const MIN_SECRET = 32;
/** Of SHA-256, in bytes. */
const [BLOCK, DIGEST] = [64, 32];
/** The same customers come again and again: their tokens are kept, within bounds. */
const MAX_KNOWN = 65_536;
const MAX_KNOWN_LENGTH = 64;

/**
 * The same value gives the same token, so that tables still join; without the secret a token cannot be recomputed.
 * 128 bits: two customers never meet in one token.
 */
export function tokeniserOf(secret: string): Tokeniser {
  if (secret.length < MIN_SECRET)
    throw new Error(`the token secret has ${secret.length} characters; allowed are ${MIN_SECRET} or more`);
  const hmac = hmacOf(secret);
  let known = new Map<string, string>();
  return (text) => {
    const token = known.get(text) ?? `tok_${hmac(text).slice(0, 32)}`;
    if (known.size === MAX_KNOWN) known = new Map();
    if (text.length <= MAX_KNOWN_LENGTH) known.set(text, token);
    return token;
  };
}

/** HMAC-SHA256 in hex, by its definition (RFC 2104): two hashes cost half of what an object for each text does. */
function hmacOf(secret: string): (text: string) => string {
  const key = Buffer.alloc(BLOCK);
  const bytes = Buffer.from(secret);
  (bytes.length > BLOCK ? createHash('sha256').update(bytes).digest() : bytes).copy(key);
  const inner = Buffer.from(key.map((byte) => byte ^ 0x36));
  const outer = Buffer.concat([key.map((byte) => byte ^ 0x5c), Buffer.alloc(DIGEST)]);
  return (text) => {
    outer.write(hash('sha256', Buffer.concat([inner, Buffer.from(text)]), 'binary'), BLOCK, 'binary');
    return hash('sha256', outer, 'hex');
  };
}

/** Compiles the masking that a contract demands from bronze on. */
export function compileMasker(contract: Contract, tokenise: Tokeniser): Masker {
  return structMasker(contract.columns, tokenise, contract.file) ?? ((found) => found);
}

/** Undefined when nothing below is masked: such values need no copy. */
function maskerOf(field: Field, tokenise: Tokeniser, file: string): Masker | undefined {
  if (field.type === 'struct') return structMasker(field.fields ?? [], tokenise, file);
  if (field.type !== 'array' || !field.items) return undefined;
  const mask = maskerOf(field.items, tokenise, file);
  return mask && ((found) => (Array.isArray(found) ? found.map(mask) : found));
}

function structMasker(columns: readonly Column[], tokenise: Tokeniser, file: string): Masker | undefined {
  const masked = columns.flatMap((column) => {
    const mask = columnMasker(column, tokenise, file);
    return mask ? [{ name: column.name, mask }] : [];
  });
  if (masked.length === 0) return undefined;
  return (found) => {
    if (!isObject(found)) return found;
    const present = masked.filter(({ name }) => Object.hasOwn(found, name));
    return { ...found, ...Object.fromEntries(present.map(({ name, mask }) => [name, mask(found[name])])) };
  };
}

function columnMasker(column: Column, tokenise: Tokeniser, file: string): Masker | undefined {
  if (column.masking?.from !== 'bronze' || column.masking.method === 'none') return maskerOf(column, tokenise, file);
  if (isTokenised(column)) return (found) => mask(found, tokenise);
  // Refused when the function loads: to land such a value unmasked could not be taken back.
  throw new Error(
    `${file}: ${column.name}: masking '${column.masking.method}' of type '${column.type}' cannot be done from bronze; ` +
      `allowed is 'tokenise' of a string`,
  );
}

/** Whether a column holds tokens from bronze on. */
export const isTokenised = ({ masking, type }: Column): boolean =>
  masking?.from === 'bronze' && masking.method === 'tokenise' && type === 'string';

/** A value of the wrong type is masked too, since a quarantined payload must not show it. */
function mask(found: unknown, tokenise: Tokeniser): unknown {
  if (found === null || found === undefined) return found;
  return tokenise(typeof found === 'string' ? found : JSON.stringify(found));
}
