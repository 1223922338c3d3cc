import fc from 'fast-check';
import { filesToCheck, isStranded, isToAnnounce, type Known } from '../../../lambdas/reconcile-files/decide-files.ts';

const GRACE = 15;
const LIFE = 13 * 24 * 60;
const at = (minute: number): Date => new Date(Date.UTC(2011, 0, 4) + minute * 60_000);
const file = { modifiedAt: at(0) };
const ticksAt = (minute: number) => ({ now: at(minute), graceMinutes: GRACE });
const isChecked = (minute: number): boolean => filesToCheck([file], ticksAt(minute)).length === 1;
const isTold = (minute: number, known: Known): boolean =>
  isChecked(minute) && isToAnnounce(file, known, ticksAt(minute));

test('a file is checked when its age doubles, from the grace period on', () => {
  const checked = Array.from({ length: 40 }, (_, tick) => tick * GRACE).filter(isChecked);
  expect(checked).toEqual([15, 30, 45, 60, 75, 120, 135, 240, 255, 480, 495]);
});

test.each<[Known, readonly number[]]>([
  [null, [15, 30, 60]],
  ['open', [60]],
  ['settled', []],
])('a file that the ledger knows as %s is announced after %j minutes', (known, minutes) => {
  expect([5, 15, 30, 60].filter((minute) => isTold(minute, known))).toEqual(minutes);
});

test('a file is stranded once announcing it did not help', () => {
  const stranded = (minute: number, known: Known) => isStranded(file, known, ticksAt(minute));
  expect([15, 30, 60, 120].map((minute) => stranded(minute, null))).toEqual([false, true, true, true]);
  expect([15, 30, 60, 120].map((minute) => stranded(minute, 'open'))).toEqual([false, false, false, true]);
  expect([15, 30, 60, 120].map((minute) => stranded(minute, 'settled'))).toEqual([false, false, false, false]);
});

/** Minutes of ticks that come every quarter of an hour, each up to seven minutes late. */
const ticks = fc
  .array(fc.double({ min: 0, max: 7, noNaN: true }), { minLength: 1400, maxLength: 1400 })
  .chain((delays) => fc.double({ min: 0, max: GRACE, noNaN: true }).map((phase) => ({ delays, phase })))
  .map(({ delays, phase }) => delays.map((delay, tick) => tick * GRACE + phase + delay));

test('whenever ticks come, a file that nobody heard of is announced soon, again and again, and not for ever', () => {
  fc.assert(
    fc.property(ticks, (minutes) => {
      const told = minutes.filter((minute) => isTold(minute, null));
      expect(told[0]).toBeLessThan(3 * GRACE);
      expect(told.length).toBeGreaterThanOrEqual(10);
      expect(told.length).toBeLessThan(30);
      expect(Math.max(...told)).toBeLessThan(LIFE);
      for (const [i, minute] of told.slice(1).entries()) expect(minute).toBeLessThan(2 * (told[i] ?? 0) + 3 * GRACE);
    }),
    { numRuns: 50 },
  );
});

test('whenever ticks come, a file that is settled is never announced', () => {
  fc.assert(
    fc.property(ticks, (minutes) => {
      expect(minutes.filter((minute) => isTold(minute, 'settled'))).toEqual([]);
    }),
    { numRuns: 20 },
  );
});
