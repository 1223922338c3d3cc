import fc from 'fast-check';
import { canonicalBytes } from '../../../lib/evidence/canonical-json.ts';

const textOf = (value: object): string => new TextDecoder().decode(canonicalBytes(value));

test('members are sorted at every depth, and nothing stands between them', () => {
  expect(textOf({ b: [{ z: 1, a: 'é' }, null], a: { y: true, x: 0.5 } })).toBe(
    '{"a":{"x":0.5,"y":true},"b":[{"a":"é","z":1},null]}\n',
  );
});

test('a member that is undefined is none', () => {
  expect(textOf({ a: undefined, b: 1 })).toBe('{"b":1}\n');
});

test('any value is read back as it was, and its order of members makes no difference', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
      const plain = JSON.parse(JSON.stringify(value)) as object;
      expect(JSON.parse(textOf(plain))).toEqual(plain);
      const turned = Object.fromEntries(Object.entries(plain).reverse());
      expect(textOf(turned)).toBe(textOf(plain));
    }),
  );
});
