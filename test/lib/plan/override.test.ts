import { decideGate } from '../../../lib/plan/decide-gate.ts';
import { judgeChecks } from '../../../lib/plan/judge-checks.ts';
import { type Override, overridesAt } from '../../../lib/plan/override.ts';
import type { CheckResult, Plan } from '../../../lib/plan/plan.ts';
import { REFUSED_ROWS } from '../../../lib/plan/row-limit.ts';
import { afterCommits, LINES, NOTHING, planOf, SALES, soundResults } from './commerce.ts';

const override: Override = {
  table: LINES,
  rule: 'product_id.required',
  approver: 'data-owner@example.com',
  reason: 'the warehouse sends them tomorrow',
  runId: 'commerce-20110103t100000-00000000',
  approvedAt: '2011-01-03T11:00:00Z',
  until: '2011-01-05T00:00:00Z',
};

const planWith = (...overrides: Override[]): Plan => planOf({ ...afterCommits(NOTHING, 1), overrides });

/** What the job of a plan would report, had rows of a check failed: it repeats what the plan says of its checks. */
function resultsOf(plan: Plan, step: 'refine' | 'model', id: string, failed: number) {
  const results = soundResults(plan, step);
  const changed = (check: CheckResult) => (check.id === id ? { ...check, failed } : check);
  return {
    ...results,
    tables: results.tables.map((table) =>
      table.table === (step === 'refine' ? LINES : SALES) ? { ...table, checks: table.checks.map(changed) } : table,
    ),
  };
}

test('a rule that would block only warns while an override is in force, and says by whose word', () => {
  const plan = planWith(override);
  const results = resultsOf(plan, 'refine', 'product_id.required', 3);
  const { outcome, reasons } = decideGate(results, plan);
  expect(outcome).toBe('warned');
  expect(reasons).toEqual([
    `${LINES}: check 'product_id.required' failed for 3 of 10 (overridden by data-owner@example.com until 2011-01-05T00:00:00Z: the warehouse sends them tomorrow)`,
  ]);
  expect(judgeChecks(results, plan).find(({ rule }) => rule === 'product_id.required')).toMatchObject({ override });
});

test.each([
  ['it has expired', { until: '2011-01-04T10:00:00Z' }],
  ['it was given after the run was planned', { approvedAt: '2011-01-04T10:00:01Z' }],
  ['it is for another rule', { rule: 'country.required' }],
  ['it is for another table', { table: SALES }],
])('an override does not count when %s', (_, change) => {
  const plan = planWith({ ...override, ...change });
  const results = resultsOf(plan, 'refine', 'product_id.required', 3);
  expect(decideGate(results, plan).outcome).toBe('blocked');
});

test('a rule of gold is overridden the same way', () => {
  const plan = planWith({ ...override, table: SALES, rule: 'net_amount.required' });
  const results = resultsOf(plan, 'model', 'net_amount.required', 1);
  expect(decideGate(results, plan).outcome).toBe('warned');
});

test('the limit of refused rows can be lifted: the rows are refused all the same', () => {
  const plan = planWith({ ...override, rule: REFUSED_ROWS });
  expect(plan.refine.map(({ table, limit }) => [table, limit.percent])).toContainEqual([LINES, 100]);
  const checks = plan.refine.find(({ table }) => table === LINES)?.checks;
  expect(checks?.find(({ id }) => id === 'quantity_not_zero')?.onFailure).toBe('quarantine');
});

test('what is structural has no rule that could be overridden', () => {
  const plan = planWith({ ...override, rule: 'columns', table: SALES });
  const columns = { id: 'columns', name: 'c', onFailure: 'block', blockAbovePercent: null, sample: [] } as const;
  const results = soundResults(plan, 'model');
  const wrong = { ...columns, evaluated: 9, failed: 1, error: 'columns differ from the contract' };
  const tables = results.tables.map((table) => ({ ...table, checks: [...table.checks, wrong] }));
  expect(decideGate({ ...results, tables }, plan).outcome).toBe('blocked');
});

test('of several overrides of a rule the latest holds, so that a shorter one ends a longer one', () => {
  const shorter = { ...override, approvedAt: '2011-01-03T12:00:00Z', until: '2011-01-03T12:05:00Z' };
  expect(overridesAt([shorter, override], '2011-01-03T11:30:00Z')).toEqual([override]);
  expect(overridesAt([shorter, override], '2011-01-03T12:01:00Z')).toEqual([shorter]);
  expect(overridesAt([shorter, override], '2011-01-03T12:10:00Z')).toEqual([]);
});
