import type { Check } from '../../../lib/contract/contract.ts';
import { type History, historyKey, MOST_POINTS, pointsOf, seasonAt, withPoint } from '../../../lib/plan/history.ts';

const THURSDAY = '2026-01-01T14:30:00Z';
const check: Check = {
  ...{ id: 'usual_rows', name: 'usual_rows', kind: 'anomaly', columns: [], measure: 'rowCount', onFailure: 'warn' },
  usual: { season: 'dayOfWeek', minHistory: 3, deviations: 4, minChangePercent: 20, minChange: 10 },
};
const key = historyKey('shop.gold.sales', check, THURSDAY);
const afterRuns = (count: number): History | undefined =>
  Array.from({ length: count }).reduce<History | undefined>(
    (history, _, run) => withPoint(check, key, history, { runId: `run-${run}`, numbers: [run] }),
    undefined,
  );

test('each season of a rule has a history of its own', () => {
  expect(key).toEqual({ table: 'shop.gold.sales', rule: 'usual_rows', season: 'dayOfWeek:4' });
  expect(seasonAt('dayOfWeek', THURSDAY).words).toBe('Thursdays');
  expect(seasonAt('hourOfDay', THURSDAY)).toEqual({ key: 'hourOfDay:14', words: 'from 14:00 to 14:59 UTC' });
  expect(seasonAt('dayOfMonth', THURSDAY)).toEqual({ key: 'dayOfMonth:1', words: 'day 1 of each month' });
  expect(seasonAt('none', THURSDAY)).toEqual({ key: 'none', words: 'all runs' });
});

test('seasons are those of UTC, whatever the place of the clock', () => {
  expect(seasonAt('dayOfWeek', '2026-01-01T23:30:00-05:00').words).toBe('Fridays');
});

test('a history keeps the newest points and no more', () => {
  const points = afterRuns(MOST_POINTS + 5)?.points ?? [];
  expect(points).toHaveLength(MOST_POINTS);
  expect([points[0]?.runId, points.at(-1)?.runId]).toEqual(['run-5', `run-${MOST_POINTS + 4}`]);
});

test('a run that is told twice adds one point', () => {
  const point = { runId: 'run-1', numbers: [7] };
  expect(withPoint(check, key, afterRuns(2), point).points).toEqual([{ runId: 'run-0', numbers: [0] }, point]);
});

test('what measures something else is learnt anew; another limit is none', () => {
  const history = afterRuns(5);
  expect(pointsOf({ ...check, measure: 'rowsIn' }, history)).toEqual([]);
  expect(pointsOf({ ...check, onFailure: 'block', name: 'renamed' }, history)).toHaveLength(5);
  expect(withPoint({ ...check, measure: 'rowsIn' }, key, history, { runId: 'r', numbers: [1] }).points).toHaveLength(1);
});
