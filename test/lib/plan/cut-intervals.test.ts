import fc from 'fast-check';
import { cutIntervals } from '../../../lib/plan/cut-intervals.ts';

const at = (iso: string): string => new Date(iso).toISOString();
const time = fc.date({ min: new Date('1900-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
const range = fc
  .uniqueArray(time, { minLength: 2, maxLength: 2, selector: Number })
  .map((times) => times.map((each) => each.toISOString()).sort())
  .map(([from = '', to = '']) => ({ from, to }));

test('intervals cover the range without a gap and without an overlap, and are not too many', () => {
  fc.assert(
    fc.property(range, fc.option(range, { nil: undefined }), fc.integer({ min: 1, max: 120 }), (all, dense, most) => {
      const intervals = cutIntervals(all, most, dense);
      expect(intervals.length).toBeLessThanOrEqual(most);
      expect(intervals.map(({ index }) => index)).toEqual(intervals.map((_, place) => place));
      for (const { from, to } of intervals) expect(from < to).toBe(true);
      expect([intervals[0]?.from, ...intervals.map(({ to }) => to)]).toEqual([
        ...intervals.map(({ from }) => from),
        all.to,
      ]);
      expect(intervals[0]?.from).toBe(all.from);
    }),
  );
});

test.each([
  ['days', '2010-12-01T08:26:00Z', '2010-12-04', ['2010-12-02', '2010-12-03']],
  ['one day', '2010-12-01', '2010-12-02', []],
  ['months', '2010-11-15', '2011-04-01', ['2010-12-01', '2011-01-01', '2011-02-01', '2011-03-01']],
  ['years', '2008-05-05', '2011-01-02', ['2009-01-01', '2010-01-01', '2011-01-01']],
  ['decades', '1985-01-01', '2011-01-01', ['1990-01-01', '2000-01-01', '2010-01-01']],
])('the finest cuts that make no more than five: %s', (_, from, to, cuts) => {
  const intervals = cutIntervals({ from: at(from), to: at(to) }, 5);
  expect(intervals.slice(1).map((interval) => interval.from)).toEqual(cuts.map(at));
});

test('where events are known to lie the range is cut, and the first and last part hold the rest', () => {
  const dense = { from: at('2010-12-01T08:26:00Z'), to: at('2010-12-03T17:00:00Z') };
  const intervals = cutIntervals({ from: at('1900-01-01'), to: at('2030-01-01') }, 5, dense);
  expect(intervals.map(({ from }) => from)).toEqual([at('1900-01-01'), at('2010-12-02'), at('2010-12-03')]);
});
