import { bytes, count, indent, plural, seconds, table } from '../../cli/shared/format.ts';

describe('formatting', () => {
  test('numbers are grouped, durations rounded to what matters, nouns follow their count', () => {
    expect([count(105335), seconds(840), seconds(9949), seconds(74_400)]).toEqual([
      '105,335',
      '0.8 s',
      '9.9 s',
      '74 s',
    ]);
    expect([plural(1, 'event'), plural(2500, 'event')]).toEqual(['1 event', '2,500 events']);
  });

  test('bytes are given in the unit that keeps them short', () => {
    expect([0, 1023, 1024, 1_300_000, 256 * 2 ** 20, 3 * 2 ** 40, 2 ** 60].map(bytes)).toEqual([
      '0 B',
      '1023 B',
      '1.0 KiB',
      '1.2 MiB',
      '256.0 MiB',
      '3.0 TiB',
      '1048576.0 TiB',
    ]);
  });

  test('columns of numbers are aligned right, others left, and nothing trails', () => {
    expect(
      table([
        { name: 'a', rows: 5 },
        { name: 'longer', rows: '1,200.50' },
      ]),
    ).toBe(['name        rows', '------  --------', 'a              5', 'longer  1,200.50'].join('\n'));
  });

  test('null is empty and nested values are JSON', () => {
    expect(table([{ a: null, b: [{ c: 1 }] }])).toBe(['a  b', '-  ---------', '   [{"c":1}]'].join('\n'));
  });

  test('empty lines are not indented', () => {
    expect(indent('a\n\nb')).toBe('  a\n\n  b');
  });
});
