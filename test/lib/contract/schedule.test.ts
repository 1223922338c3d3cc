import * as fc from 'fast-check';
import { dueAfter } from '../../../lib/contract/available-by.ts';
import { lostDay, nextRun, runsOfDay, type Schedule } from '../../../lib/contract/schedule.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The runs between two instants. */
function runsBetween(schedule: Schedule, from: string, to: string): string[] {
  const runs: string[] = [];
  let run = nextRun(schedule, new Date(from));
  for (; run <= new Date(to); run = nextRun(schedule, run)) runs.push(run.toISOString().slice(0, 16));
  return runs;
}

const daily = (hour: number, minute: number, timeZone: string): Schedule => ({
  cron: `${minute} ${hour} * * *`,
  timeZone,
});

test.each<[string, Schedule, from: string, to: string, expected: string[]]>([
  [
    'a daily run keeps its hour on the wall when clocks go forward',
    daily(2, 0, 'Europe/London'),
    ...(['2026-03-28T00:00Z', '2026-03-30T12:00Z'] as const),
    ['2026-03-28T02:00', '2026-03-29T01:00', '2026-03-30T01:00'],
  ],
  [
    'and when they are set back',
    daily(2, 0, 'Europe/London'),
    ...(['2026-10-24T00:00Z', '2026-10-26T12:00Z'] as const),
    ['2026-10-24T01:00', '2026-10-25T02:00', '2026-10-26T02:00'],
  ],
  [
    'a time that the wall shows twice is run once, the first time',
    daily(1, 30, 'Europe/London'),
    ...(['2026-10-24T12:00Z', '2026-10-26T12:00Z'] as const),
    ['2026-10-25T00:30', '2026-10-26T01:30'],
  ],
  [
    'a time that the wall does not show is left out, as EventBridge Scheduler leaves it out',
    { cron: '30 2,14 * * *', timeZone: 'Europe/Berlin' },
    ...(['2026-03-28T14:00Z', '2026-03-30T01:00Z'] as const),
    ['2026-03-29T12:30', '2026-03-30T00:30'],
  ],
  ['UTC has no such days', daily(2, 30, 'UTC'), '2026-03-29T00:00Z', '2026-03-30T00:00Z', ['2026-03-29T02:30']],
  [
    'a zone that is half an hour off changes by half an hour',
    daily(2, 15, 'Australia/Lord_Howe'),
    ...(['2026-10-02T12:00Z', '2026-10-05T00:00Z'] as const),
    ['2026-10-02T15:45', '2026-10-04T15:15'],
  ],
  [
    'weekdays are those of the wall',
    { cron: '0 1 * * MON', timeZone: 'Asia/Tokyo' },
    ...(['2026-11-26T00:00Z', '2026-12-08T00:00Z'] as const),
    ['2026-11-29T16:00', '2026-12-06T16:00'],
  ],
  [
    'a leap day waits for its year',
    { cron: '0 0 29 2 *', timeZone: 'UTC' },
    ...(['2026-01-01T00:00Z', '2033-01-01T00:00Z'] as const),
    ['2028-02-29T00:00', '2032-02-29T00:00'],
  ],
])('%s', (_, schedule, from, to, expected) => {
  expect(runsBetween(schedule, from, to)).toEqual(expected);
});

const ZONES = [
  ...['UTC', 'Europe/London', 'Europe/Berlin', 'America/New_York', 'America/Santiago', 'Africa/Cairo', 'Asia/Beirut'],
  ...['Australia/Lord_Howe', 'Africa/Casablanca', 'Pacific/Apia', 'Asia/Kathmandu', 'America/St_Johns'],
];
const zone = fc.constantFrom(...ZONES);
const some = (first: number, last: number) =>
  fc.uniqueArray(fc.integer({ min: first, max: last }), { minLength: 1, maxLength: 3 });
const schedule = fc.oneof(
  fc.record({ minutes: some(0, 59), hours: some(0, 4), days: fc.constant('* * *') }),
  fc.record({ minutes: some(0, 59), hours: some(0, 23), days: fc.constantFrom('* * SUN', '* 3,10 *', '1-15 * *') }),
);
/** Days around which clocks change somewhere. */
const CHANGES = [
  '2026-03-08',
  '2026-03-29',
  '2026-04-05',
  '2026-04-24',
  '2026-09-06',
  '2026-10-04',
  '2026-10-25',
  '2026-11-01',
];

/** Looks at every minute of UTC, and asks the wall whether one of the times has come that it has not shown before. */
function scan(minutes: number[], hours: number[], days: string, timeZone: string, from: number, to: number): string[] {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' });
  const weekday = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short' });
  const seen = new Set<string>();
  const runs: string[] = [];
  for (let at = from; at <= to; at += MINUTE) {
    const wall = format.format(at);
    const [, month, day, hour, minute] = wall.split(/[- :]/).map(Number);
    if (!minutes.includes(minute ?? -1) || !hours.includes(hour ?? -1) || seen.has(wall)) continue;
    seen.add(wall);
    if (days === '* * SUN' && weekday.format(at) !== 'Sun') continue;
    if (days === '* 3,10 *' && month !== 3 && month !== 10) continue;
    if (days === '1-15 * *' && (day ?? 0) > 15) continue;
    runs.push(new Date(at).toISOString().slice(0, 16));
  }
  return runs;
}

test('runs across a change of clocks are those that a walk over every minute finds', () => {
  fc.assert(
    fc.property(schedule, zone, fc.constantFrom(...CHANGES), ({ minutes, hours, days }, timeZone, change) => {
      const [from, to] = [Date.parse(change) - 30 * HOUR, Date.parse(change) + 54 * HOUR];
      const cron = `${minutes} ${hours} ${days}`;
      // The walk starts a day earlier: a time that was shown before it began would count as new.
      const expected = scan(minutes, hours, days, timeZone, from - 24 * HOUR, to);
      const isWithin = (run: string) => Date.parse(`${run}Z`) > from;
      const runs = runsBetween({ cron, timeZone }, new Date(from).toISOString(), new Date(to).toISOString());
      expect(runs).toEqual(expected.filter(isWithin));
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('a daily schedule that is not refused has exactly one run on every day of the wall', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }), zone, (hour, minute, timeZone) => {
      const schedule = daily(hour, minute, timeZone);
      fc.pre(lostDay(schedule) === undefined);
      for (let day = 1; day <= 366; day++) {
        const date = new Date(Date.UTC(2026, 0, day));
        const wall = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
        expect(runsOfDay(schedule, wall)).toHaveLength(1);
      }
    }),
    { numRuns: 15 },
  );
}, 60_000);

test.each<[string, string, string, ReturnType<typeof lostDay>]>([
  ['a time that spring jumps over', '30 2 * * *', 'Europe/Berlin', { year: 2026, month: 3, day: 29 }],
  ['midnight, where midnight goes', '0 0 * * *', 'Africa/Cairo', { year: 2026, month: 4, day: 24 }],
  ['a monthly run that hits such a Sunday at last', '30 2 28 3 *', 'Europe/Berlin', { year: 2027, month: 3, day: 28 }],
  ['none, with another run on the day', '30 2,14 * * *', 'Europe/Berlin', undefined],
  ['none, on days when clocks keep still', '30 2 * * MON', 'Europe/Berlin', undefined],
  ['none, where clocks keep still', '30 2 * * *', 'Asia/Kathmandu', undefined],
])('a day that is left without its run: %s', (_, cron, timeZone, expected) => {
  expect(lostDay({ cron, timeZone })).toEqual(expected);
});

test.each([
  ['on the same day', '2026-11-26T02:00Z', '03:00', 'UTC', '2026-11-26T03:00'],
  ['at the very time', '2026-11-26T03:00Z', '03:00', 'UTC', '2026-11-26T03:00'],
  ['on the next day', '2026-11-26T22:00Z', '06:00', 'UTC', '2026-11-27T06:00'],
  ['by the wall of its zone', '2026-07-01T01:00Z', '03:00', 'Europe/London', '2026-07-01T02:00'],
  [
    'an hour later than the wall says, where it jumps',
    '2026-03-29T00:00Z',
    '02:30',
    'Europe/Berlin',
    '2026-03-29T01:30',
  ],
  ['the first time that the wall shows it', '2026-10-24T23:00Z', '02:30', 'Europe/Berlin', '2026-10-25T00:30'],
  ['the next day, once the wall has shown it', '2026-10-25T01:10Z', '02:05', 'Europe/Berlin', '2026-10-26T01:05'],
])('what a run makes is due %s', (_, run, time, timeZone, expected) => {
  expect(dueAfter(new Date(run), { time, timeZone }).toISOString().slice(0, 16)).toBe(expected);
});
