import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { lintPattern } from '../../../lib/contract/lint-pattern.ts';
import { patternOf, STRING_FORMATS } from '../../../lib/contract/string-formats.ts';

const matches = (format: string, text: string): boolean => new RegExp(patternOf(format) ?? '', 'u').test(text);

test.each(STRING_FORMATS)('the format %s means the same to every engine', (format) => {
  const problems: string[] = [];
  lintPattern(patternOf(format) ?? '', [], (_, text) => problems.push(text));
  expect(problems).toEqual([]);
});

test.each([
  [
    'uuid',
    ['123e4567-e89b-12d3-a456-426614174000'],
    ['123e4567e89b12d3a456426614174000', '', '{123e4567-e89b-12d3-a456-426614174000}'],
  ],
  ['email', ['a.b+c@example.com'], ['a@b', 'a b@example.com', '@example.com', 'a@-example.com', 'a@example.com\n']],
  ['uri', ['https://example.com/a?b=%20#c', 'urn:isbn:1'], ['example.com', 'http://a b', 'x:%2']],
  ['hostname', ['a.example', 'localhost'], ['-a.example', 'a..b', 'ä.example', 'a_b']],
  ['byte', ['', 'QQ==', 'QUI=', 'QUJD'], ['Q', 'QQ=', 'Q?==']],
])('%s takes what it names and nothing else', (format, good, bad) => {
  expect(good.filter((text) => !matches(format, text))).toEqual([]);
  expect(bad.filter((text) => matches(format, text))).toEqual([]);
});

/** Addresses, and what looks like them but is cut, repeated or joined wrongly. */
const nearAddress = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.stringMatching(/^[0-9a-f:.]{0,12}$/),
  fc.tuple(fc.ipV6(), fc.ipV6()).map(([a, b]) => a.slice(0, a.length / 2) + b.slice(b.length / 2)),
);

test('addresses are those that Node takes for addresses', () => {
  fc.assert(
    fc.property(nearAddress, (text) => {
      expect(matches('ipv4', text)).toBe(isIPv4(text));
      expect(matches('ipv6', text)).toBe(isIPv6(text));
    }),
    { numRuns: 2000 },
  );
});
