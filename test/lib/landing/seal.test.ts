import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import type { Place } from '../../../lib/landing/place.ts';
import { parseSealed, sealerOf, unseal } from '../../../lib/landing/seal.ts';

const plain = randomBytes(32);
const sealer = sealerOf({ plain, encrypted: Buffer.from('the key, encrypted') });
const place: Place = { shard: 'shardId-000000000000', sequence: '100', index: 0, arrivedAt: 7n };
const open = (sealed: string, where = place, key: Uint8Array = plain) => unseal(parseSealed(sealed), where, key);

test('any text opens as it was sealed, at its place', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.bigInt({ min: 0n, max: 2n ** 186n }),
      fc.nat(999),
      (text, number, index) => {
        const where = { ...place, sequence: String(number), index };
        expect(open(sealer.seal(text, where), where)).toBe(Buffer.from(text).toString());
      },
    ),
  );
});

test('the sealed text says which key it needs, and does not show what it holds', () => {
  const sealed = sealer.seal('customer 17850', place);
  expect(sealed).toMatch(/^v1(\.[A-Za-z0-9+/]+=*){3}$/);
  expect(Buffer.from(parseSealed(sealed).encryptedKey).toString()).toBe('the key, encrypted');
  expect(Buffer.from(sealed.split('.')[3] ?? '', 'base64').toString('latin1')).not.toContain('17850');
});

test('the same text sealed twice does not look the same', () => {
  expect(sealer.seal('two apples', place)).not.toBe(sealer.seal('two apples', place));
});

test.each<[string, Partial<Place>]>([
  ['shard', { shard: 'shardId-000000000001' }],
  ['number', { sequence: '101' }],
  ['index', { index: 1 }],
])('what was sealed at one place does not open at another %s', (_what, other) => {
  const sealed = sealer.seal('two apples', place);
  expect(() => open(sealed, { ...place, ...other })).toThrow(/was changed or moved$/);
});

test('when the time of arrival is known less exactly, a payload opens all the same', () => {
  expect(open(sealer.seal('two apples', place), { ...place, arrivedAt: 8n })).toBe('two apples');
});

test('one flipped bit anywhere and it does not open', () => {
  fc.assert(
    fc.property(fc.constantFrom(2, 3), fc.nat(1000), fc.nat(7), (part, at, bit) => {
      const parts = sealer.seal('two apples', place).split('.');
      const bytes = Buffer.from(parts[part] ?? '', 'base64');
      bytes[at % bytes.length] = (bytes[at % bytes.length] ?? 0) ^ (1 << bit);
      const tampered = parts.map((each, index) => (index === part ? bytes.toString('base64') : each)).join('.');
      expect(() => open(tampered)).toThrow(/was changed or moved$/);
    }),
  );
});

test('another key does not open it', () => {
  expect(() => open(sealer.seal('two apples', place), place, randomBytes(32))).toThrow(/was changed or moved$/);
});

test.each(['', 'two apples', 'v2.a.b.c', 'v1.a.b', 'v1.a.b.AAAA', 'v1.a.b.c.d'])('%j is no sealed payload', (text) => {
  expect(() => parseSealed(text)).toThrow(/^sealed payload: found \d parts/);
});
