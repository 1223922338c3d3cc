import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { Column } from '../../../lib/contract/contract.ts';
import { compileMasker, tokeniserOf } from '../../../lib/landing/tokenise.ts';
import { orders, SECRET } from './orders.ts';

const tokenise = tokeniserOf(SECRET);
const masked = (name: string, more: Partial<Column> = {}): Column => ({
  name,
  type: 'string',
  required: false,
  classification: 'restricted',
  pii: 'direct',
  masking: { method: 'tokenise', from: 'bronze' },
  standardise: [],
  ...more,
});
const maskerOf = (...columns: Column[]) => compileMasker({ ...orders, columns }, tokenise);

test('a value has one token, which tells nothing and differs with the secret', () => {
  expect(tokenise('17850')).toMatch(/^tok_[0-9a-f]{32}$/);
  expect(tokenise('17850')).toBe(tokenise('17850'));
  expect(tokenise('17850')).not.toBe(tokenise('17851'));
  expect(tokenise('17850')).not.toBe(tokeniserOf(`${SECRET}!`)('17850'));
});

test('a token is the start of an HMAC, whatever the lengths of text and secret', () => {
  const texts = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(fc.string({ minLength: 32, maxLength: 150 }), texts, (secret, text) => {
      const hmac = createHmac('sha256', secret).update(text, 'utf8').digest('hex');
      const tokeniser = tokeniserOf(secret);
      expect(tokeniser(text)).toBe(`tok_${hmac.slice(0, 32)}`);
      expect(tokeniser(text)).toBe(tokeniser(text));
    }),
  );
});

test('more texts than are remembered have their tokens all the same', () => {
  for (let i = 0; i < 70_000; i++) tokenise(`customer ${i}`);
  expect(tokenise('customer 0')).toBe(tokeniserOf(SECRET)('customer 0'));
});

test('a short secret is refused', () => {
  expect(() => tokeniserOf('short')).toThrow('the token secret has 5 characters; allowed are 32 or more');
});

test('a text has another token as each type of personal data, and the same as none that it always had', () => {
  const derived = createHmac('sha256', SECRET).update('pii.email').digest();
  const hmac = createHmac('sha256', derived).update('a@b').digest('hex');
  expect(tokenise('a@b', 'email')).toBe(`tok_${hmac.slice(0, 32)}`);
  expect(new Set([tokenise('a@b'), tokenise('a@b', 'email'), tokenise('a@b', 'name')]).size).toBe(3);
  const mask = maskerOf(masked('mail', { piiType: 'email' }), masked('other'));
  expect(mask({ mail: 'a@b', other: 'a@b' })).toEqual({ mail: tokenise('a@b', 'email'), other: tokenise('a@b') });
});

test('a token names the version of its key, once the first one was replaced', () => {
  const keyOf = (version: number) => JSON.stringify({ version, key: SECRET });
  expect(tokeniserOf(keyOf(1))('17850')).toBe(tokenise('17850'));
  expect(tokeniserOf(keyOf(2))('17850')).toBe(tokenise('17850').replace('tok_', 'tok_2_'));
});

test.each([
  '{"version":0,"key":"a key that is long enough for everyone"}',
  '{"key":"a key that is long enough for everyone"}',
  '{"version":2,"key":7}',
])('a secret that is no key is refused without being quoted: %s', (secret) => {
  expect(() => tokeniserOf(secret)).toThrow(/^the token secret is none; allowed are a key, or/);
  expect(() => tokeniserOf('{"version":2,"key":"short"}')).toThrow('the token secret has 5 characters');
});

test('only what the contract masks is masked, and null stays null', () => {
  const mask = maskerOf(masked('email'), masked('name', { masking: { method: 'none', from: 'bronze' } }));
  expect(mask({ email: 'a@b', name: 'Ann', other: 1 })).toEqual({ email: tokenise('a@b'), name: 'Ann', other: 1 });
  expect(mask({ email: null })).toEqual({ email: null });
  expect(mask({})).toEqual({});
});

test('what is masked in a later layer is left as it is', () => {
  const later = { email: 'a@b' };
  expect(maskerOf(masked('email', { masking: { method: 'redact', from: 'gold' } }))(later)).toBe(later);
});

test('a nested value is masked in every element', () => {
  const person = { type: 'struct' as const, fields: [masked('email')] };
  const mask = maskerOf(
    masked('people', { type: 'array', items: person, masking: { method: 'none', from: 'bronze' } }),
  );
  expect(mask({ people: [{ email: 'a@b', age: 3 }, null, 'odd'] })).toEqual({
    people: [{ email: tokenise('a@b'), age: 3 }, null, 'odd'],
  });
});

test('a value of the wrong type is masked too', () => {
  const mask = maskerOf(masked('email'));
  expect(mask({ email: 7 })).toEqual({ email: tokenise('7') });
  expect(mask({ email: { a: 1 } })).toEqual({ email: tokenise('{"a":1}') });
});

test('a masking that cannot be done here stops the function before it lands anything', () => {
  expect(() => maskerOf(masked('age', { type: 'int' }))).toThrow("age: masking 'tokenise' of type 'int'");
  expect(() => maskerOf(masked('email', { masking: { method: 'noise', from: 'bronze' } }))).toThrow(
    "email: masking 'noise' of type 'string' cannot be done from bronze; allowed is 'tokenise' of a string",
  );
});
