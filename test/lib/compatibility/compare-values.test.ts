import fc from 'fast-check';
import { compareValues } from '../../../lib/compatibility/compare-values.ts';
import type { Check, Operator } from '../../../lib/contract/contract.ts';

const check = (question: Pick<Check, 'kind'> & Partial<Check>): Check => ({
  id: 'c',
  name: 'c',
  columns: ['c'],
  onFailure: 'block',
  ...question,
});

const WITHIN: Partial<Record<string, (value: number, bounds: readonly number[]) => boolean>> = {
  mustBe: (value, [bound]) => value === bound,
  mustBeGreaterThan: (value, [bound = 0]) => value > bound,
  mustBeGreaterOrEqualTo: (value, [bound = 0]) => value >= bound,
  mustBeLessThan: (value, [bound = 0]) => value < bound,
  mustBeLessOrEqualTo: (value, [bound = 0]) => value <= bound,
  mustBeBetween: (value, [low = 0, high = 0]) => value >= low && value <= high,
};

type Accepts = (value: number, check: Check) => boolean;

/** What each check accepts, said once more. */
const ACCEPTS: Partial<Record<Check['kind'], Accepts>> = {
  minimum: (value, { value: bound }) => value >= Number(bound),
  exclusiveMinimum: (value, { value: bound }) => value > Number(bound),
  maximum: (value, { value: bound }) => value <= Number(bound),
  exclusiveMaximum: (value, { value: bound }) => value < Number(bound),
  minLength: (value, { value: bound }) => value >= Number(bound),
  maxLength: (value, { value: bound }) => value <= Number(bound),
  enum: (value, { values = [] }) => values.includes(String(value)),
  notIn: (value, { values = [] }) => !values.includes(String(value)),
  rowCount: (value, { expect }) => WITHIN[expect?.operator ?? '']?.(value, expect?.bounds ?? []) ?? false,
};
const VALUES = Array.from({ length: 20 }, (_, i) => i);

const bounds = fc.integer({ min: 1, max: 9 });
const values = fc.uniqueArray(fc.integer({ min: 0, max: 9 }).map(String), { minLength: 1, maxLength: 4 });
const expectations = fc
  .tuple(fc.constantFrom(...(Object.keys(WITHIN) as Operator[])), bounds, bounds)
  .map(([operator, low, more]) => ({
    operator,
    bounds: operator === 'mustBeBetween' ? [low, low + more] : [low],
    unit: 'rows' as const,
  }));
const questions = fc.record({ value: bounds.map(String), values, expect: expectations });

/** Two checks of one kind. */
const checks = fc.constantFrom(...(Object.keys(ACCEPTS) as Check['kind'][])).chain((kind) => {
  const keys = kind === 'rowCount' ? ['expect'] : kind === 'enum' || kind === 'notIn' ? ['values'] : ['value'];
  const one = questions.map((all) => {
    const question = Object.fromEntries(Object.entries(all).filter(([key]) => keys.includes(key)));
    return check({ kind, ...question });
  });
  return fc.tuple(one, one);
});

test('a tighter check accepts nothing new, a wider one refuses nothing new', () => {
  fc.assert(
    fc.property(checks, ([was, is]) => {
      const accepted = (one: Check) => VALUES.filter((value) => ACCEPTS[one.kind]?.(value, one));
      const [before, after] = [accepted(was), accepted(is)];
      const isSubset = (a: number[], b: number[]) => a.every((value) => b.includes(value));
      if (isSubset(after, before) && isSubset(before, after)) return; // they are told apart by their text alone
      const expected = isSubset(after, before) ? 'tighter' : isSubset(before, after) ? 'wider' : 'different';
      expect(compareValues(was, is)).toBe(expected);
    }),
    { numRuns: 500 },
  );
});

test.each([
  ['9007199254740992.1', '9007199254740992.2', 'tighter'], // beyond what a double tells apart
  ['-2', '-10', 'wider'],
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:01Z', 'tighter'],
  ['2026-01-01', '2025-12-31', 'wider'],
])('a minimum of %s that becomes %s is %s', (was, is, relation) => {
  expect(compareValues(check({ kind: 'minimum', value: was }), check({ kind: 'minimum', value: is }))).toBe(relation);
});
