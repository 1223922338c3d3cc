import type { Check } from '../../../lib/contract/contract.ts';
import { expectedOf } from '../../../lib/plan/describe-check.ts';

const check = (fields: Partial<Check>): Check => ({
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
] as const)('%j is said as a person reads it', (fields, sentence) => {
  expect(expectedOf(check(fields))).toBe(sentence);
});
