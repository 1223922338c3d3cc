import fc from 'fast-check';
import { fitLine, LEAST_POINTS, type Point, valueAt } from '../../../lib/plan/fit-line.ts';

const at = (points: readonly Point[], x: number) => {
  const line = fitLine(points);
  return line && valueAt(line, x);
};

const onLine = (fixed: number, rate: number, xs: readonly number[]): Point[] =>
  xs.map((x) => ({ x, y: fixed + rate * x }));

test('a fixed part and a rate are found', () => {
  const whole = fc.integer({ min: 0, max: 100 });
  const xs = fc.uniqueArray(fc.nat(10_000), { minLength: LEAST_POINTS, maxLength: 12 });
  fc.assert(
    fc.property(whole, whole, xs, (fixed, rate, sizes) => {
      expect(at(onLine(fixed, rate, sizes), 5000)).toBeCloseTo(fixed + rate * 5000, 3);
    }),
  );
});

test('one run that took an hour longer moves nothing', () => {
  const points = onLine(2, 0.001, [100, 200, 300, 400, 500, 600, 700]);
  const [first, ...others] = points;
  expect(at([{ x: 100, y: (first?.y ?? 0) + 60 }, ...others], 1000)).toBeCloseTo(3, 6);
});

test('a line says nothing from fewer points than can disagree', () => {
  expect(LEAST_POINTS).toBe(3);
  expect(at(onLine(1, 1, [1, 2]), 2)).toBeUndefined();
  expect(at(onLine(1, 1, [1, 2, 3]), 2)).toBeCloseTo(2 + 1);
});

test('where all were of one size, nothing is said of a larger one', () => {
  const points = [4, 5, 9].map((y) => ({ x: 100, y }));
  expect(at(points, 100)).toBe(5);
  expect(at(points, 20)).toBe(5);
  expect(at(points, 101)).toBeUndefined();
});

test('more rows never take less, and nothing takes less than no time', () => {
  const points = fc.array(fc.record({ x: fc.nat(1000), y: fc.nat(1000) }), { minLength: 3, maxLength: 12 });
  fc.assert(
    fc.property(points, fc.nat(2000), fc.nat(2000), (known, a, b) => {
      const [less = 0, more = 0] = [at(known, Math.min(a, b)), at(known, Math.max(a, b)) ?? Number.POSITIVE_INFINITY];
      expect(less).toBeGreaterThanOrEqual(0);
      expect(more).toBeGreaterThanOrEqual(less);
    }),
  );
});
