import * as fc from 'fast-check';
import type { Contract } from '../../../lib/contract/contract.ts';
import { overdueTables } from '../../../lib/plan/overdue.ts';

const HOUR = 60 * 60_000;
const LONDON = 'Europe/London';

const promised = (cron: string, time: string, timeZone = 'UTC', zoneOfTime = timeZone) =>
  ({
    ...{ domain: 'shop', layer: 'gold', table: 'sales' },
    ...{ schedule: { cron, timeZone }, availableBy: { time, timeZone: zoneOfTime } },
  }) as Contract;

const sinceOf = (contract: Contract, made: string | undefined, now: string, from = '2026-01-01T00:00Z') =>
  overdueTables([contract], () => (made ? new Date(made) : undefined), new Date(from), new Date(now)).map(({ since }) =>
    since.toISOString().slice(0, 16),
  );

const BY_THREE = promised('0 2 * * *', '03:00');

test.each<[string, Contract, made: string | undefined, now: string, since: string[]]>([
  ['before the hour it is not', BY_THREE, '2026-11-25T02:00:30Z', '2026-11-26T02:59Z', []],
  ['at the hour it is', BY_THREE, '2026-11-25T02:00:30Z', '2026-11-26T03:00Z', ['2026-11-26T03:00']],
  ['since the first hour that was missed', BY_THREE, '2026-11-23T02:00:30Z', '2026-11-26T12:00Z', ['2026-11-24T03:00']],
  ['a run of the hour keeps it', BY_THREE, '2026-11-26T02:00:00.500Z', '2026-11-26T03:00Z', []],
  ['a later run keeps it, though late', BY_THREE, '2026-11-26T05:00Z', '2026-11-26T06:00Z', []],
  [
    'a run that began before the hour does not',
    BY_THREE,
    '2026-11-26T01:59Z',
    '2026-11-26T04:00Z',
    ['2026-11-26T03:00'],
  ],
  ['a table that never was there', BY_THREE, undefined, '2026-01-02T04:00Z', ['2026-01-01T03:00']],
  [
    'the next day’s hour, of a run in the evening',
    promised('0 22 * * *', '06:00'),
    ...(['2026-11-24T22:01Z', '2026-11-26T07:00Z'] as const),
    ['2026-11-26T06:00'],
  ],
  [
    'one of two runs a day',
    promised('0 2,14 * * *', '03:00'),
    ...(['2026-11-25T02:01Z', '2026-11-26T02:30Z'] as const),
    [],
  ],
  [
    'no hour on days without a run',
    promised('0 2 * * MON', '03:00'),
    ...(['2026-11-23T02:01Z', '2026-11-29T23:00Z'] as const),
    [],
  ],
  [
    'the wall’s hour in summer',
    promised('0 2 * * *', '03:00', LONDON),
    ...(['2026-06-30T01:00:10Z', '2026-07-01T02:00Z'] as const),
    ['2026-07-01T02:00'],
  ],
  [
    'an hour of Greenwich beside a schedule of London',
    promised('0 2 * * *', '03:00', LONDON, 'UTC'),
    ...(['2026-06-30T01:00:10Z', '2026-07-01T02:30Z'] as const),
    [],
  ],
])('a table is overdue: %s', (_, contract, made, now, since) => {
  expect(sinceOf(contract, made, now)).toEqual(since);
});

test('hours before the first sign of life promised nothing', () => {
  expect(sinceOf(BY_THREE, undefined, '2026-11-26T12:00Z', '2026-11-26T10:00Z')).toEqual([]);
  expect(sinceOf(BY_THREE, undefined, '2026-11-27T03:00Z', '2026-11-26T10:00Z')).toEqual(['2026-11-27T03:00']);
});

test('a table without a schedule, or without an hour, is never overdue', () => {
  const { availableBy: _, ...unpromised } = BY_THREE;
  const { schedule: __, ...unscheduled } = BY_THREE;
  expect(overdueTables([unpromised, unscheduled], () => undefined, new Date(0), new Date())).toEqual([]);
});

/** The wall of London in 2026: clocks go forward on 29 March at one, and are set back on 25 October at two. */
const isSummer = (at: number) => at >= Date.UTC(2026, 2, 29, 1) && at < Date.UTC(2026, 9, 25, 1);

test.each([
  ['forward', '2026-03-29'],
  ['back', '2026-10-25'],
])('where clocks go %s, each day has one hour by which the table is there, and one run keeps it', (_, change) => {
  const contract = promised('30 3 * * *', '04:00', LONDON);
  const start = Date.parse(change) - 48 * HOUR;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 23 * 60 }), (day, minute) => {
      const midnight = start + day * 24 * HOUR;
      const hourOf = (wall: number) => midnight + wall * HOUR - (isSummer(midnight + wall * HOUR) ? HOUR : 0);
      const now = midnight + minute * 60_000;
      const yesterday = new Date(hourOf(3.5) - 12 * HOUR).toISOString();
      const today = new Date(hourOf(3.5)).toISOString();
      const isPast = now >= hourOf(4);
      expect(sinceOf(contract, yesterday, new Date(now).toISOString())).toEqual(
        isPast ? [new Date(hourOf(4)).toISOString().slice(0, 16)] : [],
      );
      expect(sinceOf(contract, today, new Date(now).toISOString())).toEqual([]);
    }),
  );
});
