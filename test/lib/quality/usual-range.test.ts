import fc from 'fast-check';
import type { Usual } from '../../../lib/contract/contract.ts';
import { usualRange } from '../../../lib/quality/usual-range.ts';

const USUAL: Usual = {
  ...{ season: 'none', minHistory: 14, deviations: 4, minChangePercent: 20, minChange: 10 },
};
const amount = fc.double({ min: 1, max: 1e9, noNaN: true });
const history = fc.array(amount, { minLength: 1, maxLength: 60 });
const holds = ([low, high]: readonly [number, number], number: number): boolean => number >= low && number <= high;

test('the range is as many deviations around the median as the rule says', () => {
  // Median 100, distances 0, 10, 10, 20, 20: their median is 10.
  const [low, high] = usualRange([80, 90, 100, 110, 120], USUAL);
  expect(low).toBeCloseTo(100 - 4 * 1.4826 * 10, 10);
  expect(high).toBeCloseTo(100 + 4 * 1.4826 * 10, 10);
});

test('a number that never changed may change by a few percent, and by what is no news', () => {
  expect(usualRange(Array(14).fill(1000), { ...USUAL, deviations: 1 })).toEqual([800, 1200]);
  expect(usualRange(Array(14).fill(1000), USUAL)[1]).toBeCloseTo(1000 + 4 * 1.4826 * 50, 10);
  expect(usualRange(Array(14).fill(0), USUAL)).toEqual([0, 10]);
});

test('no range goes below zero or above what there can be', () => {
  expect(usualRange([99], { ...USUAL, minChange: 2 }, 100)[1]).toBe(100);
  expect(usualRange([1], USUAL)[0]).toBe(0);
});

test('a constant number is usual', () => {
  fc.assert(
    fc.property(amount, fc.integer({ min: 1, max: 60 }), (x, n) => holds(usualRange(Array(n).fill(x), USUAL), x)),
  );
});

test('the median is usual, and an order of numbers is none of their properties', () => {
  fc.assert(
    fc.property(history, (numbers) => {
      const range = usualRange(numbers, USUAL);
      expect(usualRange(numbers.toReversed(), USUAL)).toEqual(range);
      return (
        holds(range, numbers.toSorted((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? 0) ||
        numbers.length % 2 === 0
      );
    }),
  );
});

test('numbers in another unit have the same range in that unit', () => {
  const relative = { ...USUAL, minChange: 0 };
  fc.assert(
    fc.property(history, fc.double({ min: 0.001, max: 1000, noNaN: true }), (numbers, factor) => {
      const [low, high] = usualRange(numbers, relative);
      const [lowScaled, highScaled] = usualRange(
        numbers.map((number) => number * factor),
        relative,
      );
      expect(Math.abs(lowScaled - low * factor)).toBeLessThanOrEqual(1e-9 * high * factor);
      expect(Math.abs(highScaled - high * factor)).toBeLessThanOrEqual(1e-9 * high * factor);
    }),
  );
});

test('ten times as much as a steady history is never usual, nor a tenth', () => {
  const steady = fc.tuple(
    fc.double({ min: 100, max: 1e9, noNaN: true }),
    fc.array(fc.double({ min: -0.05, max: 0.05, noNaN: true }), { minLength: 14, maxLength: 60 }),
  );
  fc.assert(
    fc.property(steady, ([level, noise]) => {
      const range = usualRange(
        noise.map((part) => level * (1 + part)),
        USUAL,
      );
      return !holds(range, level * 10) && !holds(range, level / 10) && holds(range, level);
    }),
  );
});

test('single outliers among earlier numbers hide no later one', () => {
  const outliers = [...Array(11).fill(1000), 1e6, 1e7, 1e8];
  expect(usualRange(outliers, USUAL)).toEqual(usualRange(Array(14).fill(1000), USUAL));
});
