import type { Column, Contract, Field } from '../contract/contract.ts';
import { hmacOf, keyBytes } from './hmac.ts';
import { isObject } from './shape-row.ts';

/** @param type of personal data: the same text has another token as each of them. */
export type Tokeniser = (text: string, type?: string) => string;
/** Replaces what the contract masks; all else stays the object it was. */
export type Masker = (found: unknown) => unknown;

/** The same customers come again and again: their tokens are kept, within bounds. */
const MAX_KNOWN = 65_536;
const MAX_KNOWN_LENGTH = 64;

/**
 * The same value gives the same token, so that tables still join; without the secret a token cannot be recomputed.
 * 128 bits: two customers never meet in one token. Each type of personal data has a key of its own, derived from the
 * secret, so that what one table knows as an e-mail address tells nothing of what another one knows as a name.
 * @param secret a key, or `{"version": 2, "key": "…"}` once it was replaced: tokens name the version from 2 on.
 */
export function tokeniserOf(secret: string): Tokeniser {
  const { version, key } = keyOf(secret);
  const hmac = hmacOf(keyBytes(key, 'token secret'));
  const prefix = version === 1 ? 'tok_' : `tok_${version}_`;
  const plain = remembering(prefix, hmac);
  const typed = new Map<string, (text: string) => string>();
  return (text, type) => {
    if (type === undefined) return plain(text);
    const known = typed.get(type) ?? remembering(prefix, hmacOf(Buffer.from(hmac(`pii.${type}`), 'hex')));
    typed.set(type, known);
    return known(text);
  };
}

/** The tokeniser of a column. */
export const tokeniserFor = (tokenise: Tokeniser, { piiType }: Pick<Column, 'piiType'>): ((text: string) => string) =>
  piiType === undefined ? tokenise : (text) => tokenise(text, piiType);

function keyOf(secret: string): { version: number; key: string } {
  const parsed = secret.startsWith('{') ? parseSecret(secret) : undefined;
  if (parsed === undefined) return { version: 1, key: secret };
  const { version, key } = parsed as { version?: unknown; key?: unknown };
  if (Number.isSafeInteger(version) && (version as number) > 0 && typeof key === 'string')
    return { version: version as number, key };
  throw new Error('the token secret is none; allowed are a key, or {"version": <whole number from 1>, "key": "<key>"}');
}

/** Undefined for what only begins like JSON, as a random key may. */
function parseSecret(secret: string): unknown {
  try {
    return JSON.parse(secret);
  } catch {
    return undefined;
  }
}

function remembering(prefix: string, hmac: (text: string) => string): (text: string) => string {
  let known = new Map<string, string>();
  return (text) => {
    const token = known.get(text) ?? `${prefix}${hmac(text).slice(0, 32)}`;
    if (known.size === MAX_KNOWN) known = new Map();
    if (text.length <= MAX_KNOWN_LENGTH) known.set(text, token);
    return token;
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
  if (isTokenised(column)) return (found) => mask(found, tokeniserFor(tokenise, column));
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
function mask(found: unknown, tokenise: (text: string) => string): unknown {
  if (found === null || found === undefined) return found;
  return tokenise(typeof found === 'string' ? found : JSON.stringify(found));
}
