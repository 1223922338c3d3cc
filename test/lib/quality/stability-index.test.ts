import fc from 'fast-check';
import { stabilityIndex } from '../../../lib/quality/stability-index.ts';

const counts = fc.array(fc.nat(1e6), { minLength: 4, maxLength: 4 });

test('of many rows it is the sum of differences of shares times the logarithm of their ratio', () => {
  const [a, b] = [
    [500_000, 300_000, 200_000],
    [400_000, 300_000, 300_000],
  ];
  const byHand = (0.5 - 0.4) * Math.log(0.5 / 0.4) + (0.2 - 0.3) * Math.log(0.2 / 0.3);
  expect(stabilityIndex(a, b)).toBeCloseTo(byHand, 4);
});

test('equal shares have no distance, whatever the numbers of rows', () => {
  fc.assert(
    fc.property(counts, fc.integer({ min: 1, max: 60 }), (a, times) => {
      const more = a.map((count) => count * times);
      expect(stabilityIndex(a, a)).toBe(0);
      expect(stabilityIndex(a, more)).toBeCloseTo(0, 12);
    }),
  );
});

test('it is symmetric, never negative and finite, also where buckets are empty', () => {
  fc.assert(
    fc.property(counts, counts, (a, b) => {
      const index = stabilityIndex(a, b);
      expect(stabilityIndex(b, a)).toBeCloseTo(index, 10);
      expect(index).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(index)).toBe(true);
    }),
  );
});

test('all rows in another bucket are far away', () => {
  expect(stabilityIndex([1000, 0], [0, 1000])).toBeGreaterThan(5);
});
