import { expectedOf } from '../../../lib/plan/describe-check.ts';
import type { PlannedCheck } from '../../../lib/plan/plan.ts';

const check = (fields: Partial<PlannedCheck>): PlannedCheck => ({
  id: 'i',
  name: 'n',
  kind: 'required',
  columns: ['c'],
  onFailure: 'block',
  ...fields,
});

const references = { table: 'toys.silver.visits', columns: ['visit_id'] };

test.each([
  [{}, 'c: a value'],
  [{ kind: 'enum', values: ['a', 'b'] }, 'c: one of a, b'],
  [{ kind: 'format', value: '^.$', format: 'uuid' }, 'c: what has the format uuid'],
  [
    { kind: 'minimum', value: '1', expect: { operator: 'mustBeLessThan', bounds: [5], unit: 'percent' } },
    'c: at least 1; may fail less than 5 percent',
  ],
  [{ kind: 'foreignKey', references }, 'c: in toys.silver.visits (visit_id)'],
  [
    { kind: 'rowCount', columns: [], expect: { operator: 'mustBeBetween', bounds: [1, 9], unit: 'rows' } },
    'from 1 to 9 rows',
  ],
  [
    { kind: 'freshness', expect: { operator: 'mustBeLessOrEqualTo', bounds: [60], unit: 'minutes' } },
    'c: an age of at most 60 minutes',
  ],
  [
    { kind: 'anomaly', columns: [], measure: 'rowsIn', usual: { season: 'dayOfWeek', minHistory: 14 } },
    'rows that came in: as in earlier runs (season: dayOfWeek, from 14 points on)',
  ],
  [
    {
      kind: 'anomaly',
      columns: [],
      measure: 'rowCount',
      expect: { operator: 'mustBeBetween', bounds: [980_000, 1_120_000], unit: 'rows' },
      learnt: { season: 'Thursdays', points: 14 },
    },
    'rows: 980,000 to 1,120,000 (Thursdays, 14 points)',
  ],
] as const)('%j is said as a person reads it', (fields, sentence) => {
  expect(expectedOf(check(fields))).toBe(sentence);
});
