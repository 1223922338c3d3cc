import { decideGate } from '../../../lib/plan/decide-gate.ts';
import type { CheckResult, StepResults } from '../../../lib/plan/plan.ts';
import { afterCommits, LINES, NOTHING, planOf, SALES, soundResults } from './commerce.ts';

const plan = planOf(afterCommits(NOTHING, 1));
const sound = soundResults(plan, 'refine');

/** The results with some checks of order_lines changed. */
function withCheck(id: string, change: Partial<CheckResult>): StepResults {
  const tables = sound.tables.map((table) =>
    table.table === LINES
      ? { ...table, checks: table.checks.map((check) => (check.id === id ? { ...check, ...change } : check)) }
      : table,
  );
  return { ...sound, tables };
}

test('a step whose checks all passed has passed', () => {
  expect(decideGate(sound, plan)).toEqual({ outcome: 'passed', reasons: [] });
  expect(decideGate(soundResults(plan, 'model'), plan)).toEqual({ outcome: 'passed', reasons: [] });
});

test.each([
  ['block', 'blocked'],
  ['warn', 'warned'],
  ['quarantine', 'quarantined'],
] as const)('a failed check whose failure is to %s ends %s', (onFailure, outcome) => {
  expect(decideGate(withCheck('quantity_not_zero', { onFailure, failed: 3 }), plan)).toEqual({
    outcome,
    reasons: [`${LINES}: check 'quantity_not_zero' failed for 3 of 10`],
  });
});

test.each([
  [2, 'quarantined'],
  [3, 'blocked'],
])('with a limit of 20 %%, %d failed rows of 10 end %s', (failed, outcome) => {
  const results = withCheck('quantity_not_zero', { failed, blockAbovePercent: 20 });
  expect(decideGate(results, plan).outcome).toBe(outcome);
});

test('a limit of 0 blocks at the first failed row', () => {
  const { outcome, reasons } = decideGate(withCheck('quantity_not_zero', { failed: 1, blockAbovePercent: 0 }), plan);
  expect(outcome).toBe('blocked');
  expect(reasons).toEqual([`${LINES}: check 'quantity_not_zero' failed for 1 of 10, above the limit of 0 %`]);
});

test('a check that could not run is not a pass, though it would only warn', () => {
  const results = withCheck('quantity_not_zero', { onFailure: 'warn', evaluated: 0, error: 'no such column' });
  expect(decideGate(results, plan)).toEqual({
    outcome: 'blocked',
    reasons: [`${LINES}: check 'quantity_not_zero' could not run: no such column`],
  });
});

test('a check that is not in the results has not run', () => {
  const tables = sound.tables.map((table) => ({
    ...table,
    checks: table.checks.filter(({ id }) => id !== 'unit_price.minimum'),
  }));
  expect(decideGate({ ...sound, tables }, plan)).toEqual({
    outcome: 'blocked',
    reasons: [`${LINES}: check 'unit_price.minimum' did not run`],
  });
});

test('a table that is not in the results has not been checked', () => {
  const tables = soundResults(plan, 'model').tables.filter(({ table }) => table !== SALES);
  expect(decideGate({ ...soundResults(plan, 'model'), tables }, plan)).toEqual({
    outcome: 'blocked',
    reasons: [`${SALES}: the job reported no result`],
  });
});

test('0 of 0 rows is not a pass', () => {
  const tables = sound.tables.map((table) => ({
    ...table,
    checks: table.checks.map((check) => ({ ...check, evaluated: 0 })),
  }));
  const { outcome, reasons } = decideGate({ ...sound, tables }, plan);
  expect(outcome).toBe('warned');
  expect(reasons).toContain(`${LINES}: no row was checked; 0 of 0 is not a pass`);
});

test('the worst check decides, and is told first', () => {
  const worse = withCheck('quantity_not_zero', { failed: 1 });
  const tables = worse.tables.map((table) => ({
    ...table,
    checks: table.checks.map((check) =>
      check.id === 'currency.pattern' ? { ...check, onFailure: 'block' as const, failed: 1 } : check,
    ),
  }));
  const { outcome, reasons } = decideGate({ ...worse, tables }, plan);
  expect(outcome).toBe('blocked');
  expect(reasons.at(0)).toContain('currency.pattern');
  expect(reasons.at(-1)).toContain('quantity_not_zero');
});
