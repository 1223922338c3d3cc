import fc from 'fast-check';
import type { Contract } from '../../../lib/contract/contract.ts';
import { tableId } from '../../../lib/contract/contract.ts';
import { aheadOf, type Late, lateOf } from '../../../lib/plan/lateness.ts';
import type { PlanInput } from '../../../lib/plan/plan-run.ts';
import { afterCommits, afterRun, LINES, NOTHING, ORDERS, planOf } from './commerce.ts';

const DAY = 24 * 60;
const known = { time: '2011-01-04T10:00:00.000Z', knownAt: '2026-11-26T12:00:00.000Z' };
const lateness = (minutes: number): Pick<Contract, 'lateness'> => ({ lateness: { minutes } });

test('what happened before the horizon and arrived after the watermark was known is too late', () => {
  expect(lateOf(lateness(30 * DAY), known)).toEqual({
    before: '2010-12-05T10:00:00.000Z',
    arrivedFrom: '2026-11-26T12:00:00.000Z',
    horizon: '30 days',
  });
});

test.each([
  ['without a horizon', {}, known],
  ['before anything was merged', lateness(DAY), undefined],
  ['with a horizon of centuries', lateness(999 * 365 * DAY), known],
  ['with a horizon longer than time', lateness(Number.MAX_SAFE_INTEGER), known],
])('%s nothing is late', (_, contract, watermark) => {
  expect(lateOf(contract, watermark)).toBeNull();
});

const minutes = fc.integer({ min: 1, max: 20_000 });
const times = fc.date({ min: new Date('2000-01-01'), max: new Date('2030-01-01'), noInvalidDate: true });
const beforeOf = (late: Late | null) => Date.parse(late?.before ?? '');

test('a longer horizon and an earlier watermark never refuse more', () => {
  fc.assert(
    fc.property(minutes, minutes, times, times, (one, other, first, second) => {
      const [short, long] = [Math.min(one, other), Math.max(one, other)];
      const at = (time: Date, horizon: number) =>
        beforeOf(lateOf(lateness(horizon), { ...known, time: time.toISOString() }));
      const [early, late] = first < second ? [first, second] : [second, first];
      expect(at(early, long)).toBeLessThanOrEqual(at(late, short));
      expect(at(late, short)).toBeLessThan(late.getTime());
    }),
  );
});

/** The shop's contracts, where lines may come a month late. */
const withHorizon = (input: PlanInput): PlanInput => ({
  ...input,
  contracts: input.contracts.map((contract) =>
    tableId(contract) === LINES ? { ...contract, ...lateness(30 * DAY) } : contract,
  ),
});
const lateOfLines = (input: PlanInput) => planOf(input).refine.find(({ table }) => table === LINES)?.late;
const FIRST = withHorizon({
  ...afterCommits(NOTHING, 4),
  createdAt: '2026-11-26T12:00:00.000Z',
  lastEventTimes: { [ORDERS]: known.time },
});

test('a first run judges nothing late: what lands together is never late behind itself', () => {
  expect(lateOfLines(FIRST)).toBeNull();
});

test('a run is judged by what the run before knew when it was planned, whatever has landed since', () => {
  const second = afterCommits(afterRun(FIRST, planOf(FIRST)), 1);
  const later = {
    ...second,
    createdAt: '2026-11-26T13:00:00.000Z',
    lastEventTimes: { [ORDERS]: '2026-11-26T12:59:00Z' },
  };
  expect(lateOfLines(later)).toEqual(lateOf(lateness(30 * DAY), known));
  expect(lateOfLines(afterCommits(afterRun(later, planOf(later)), 1))).toMatchObject({
    before: '2026-10-27T12:59:00.000Z',
    arrivedFrom: '2026-11-26T13:00:00.000Z',
  });
});

test('a table that has no horizon judges nothing late', () => {
  const second = afterCommits(afterRun(FIRST, planOf(FIRST)), 1);
  expect(planOf(second).refine.map(({ table, late }) => [table, late === null])).toEqual([
    [LINES, false],
    ['commerce.silver.orders', true],
  ]);
});

test('when bronze was made anew, all of it is read again and nothing of it is late', () => {
  const second = afterRun(FIRST, planOf(FIRST));
  expect(lateOfLines({ ...second, versions: { ...second.versions, [ORDERS]: 1 } })).toBeNull();
});

test('a time may be ahead of its arrival as far as its table says; without a word nothing is judged', () => {
  const now = '2011-01-04T10:00:00Z';
  expect(aheadOf({ ahead: [{ column: 'ordered_at', minutes: 90 }] }, now)).toEqual([
    { column: 'ordered_at', minutes: 90, horizon: '90 minutes', now },
  ]);
  expect(aheadOf({}, now)).toEqual([]);
});
