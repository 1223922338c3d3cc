import { decideGate } from '../../../lib/plan/decide-gate.ts';
import { judge } from '../../../lib/plan/judge-checks.ts';
import type { CheckResult, StepResults } from '../../../lib/plan/plan.ts';
import { REFUSED_ROWS } from '../../../lib/plan/row-limit.ts';
import outcomes from '../../vectors/gate-outcomes.json' with { type: 'json' };
import { afterCommits, LINES, NOTHING, planOf, SALES, soundResults } from './commerce.ts';

const plan = planOf(afterCommits(NOTHING, 1));
const sound = soundResults(plan, 'refine');

/** The results with a check of order_lines changed. */
function change(results: StepResults, id: string, to: Partial<CheckResult>): StepResults {
  const tables = results.tables.map((table) =>
    table.table === LINES
      ? { ...table, checks: table.checks.map((check) => (check.id === id ? { ...check, ...to } : check)) }
      : table,
  );
  return { ...results, tables };
}

const withCheck = (id: string, to: Partial<CheckResult>): StepResults => change(sound, id, to);

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

test.each(outcomes)('$about: $outcome', ({ outcome, ...result }) => {
  const onFailure = result.onFailure as CheckResult['onFailure'];
  expect(judge({ id: 'c', ...result, onFailure }).outcome).toBe(outcome);
});

test.each([
  ['block', 'blocked'],
  ['quarantine', 'blocked'],
  ['warn', 'warned'],
] as const)('a check whose failure is to %s and that could not run ends %s', (onFailure, outcome) => {
  const results = withCheck('quantity_not_zero', { onFailure, evaluated: 0, error: 'no such column' });
  expect(decideGate(results, plan)).toEqual({
    outcome,
    reasons: [`${LINES}: check 'quantity_not_zero' could not run: no such column`],
  });
});

test('rows that break several rules count once against the limit of the table', () => {
  const threeRules = ['quantity_not_zero', 'currency.pattern', 'unit_price.minimum'].reduce(
    (results, id) => change(results, id, { onFailure: 'quarantine', failed: 2 }),
    sound,
  );
  const refused = { blockAbovePercent: 20, failed: 2 };
  expect(decideGate(change(threeRules, REFUSED_ROWS, refused), plan).outcome).toBe('quarantined');
  const { outcome, reasons } = decideGate(change(threeRules, REFUSED_ROWS, { ...refused, failed: 3 }), plan);
  expect(outcome).toBe('blocked');
  expect(reasons[0]).toBe(`${LINES}: check 'rows:refused' failed for 3 of 10, above the limit of 20 %`);
});

test('a job that does not say how many rows it refused is not believed', () => {
  const tables = sound.tables.map((table) => ({
    ...table,
    checks: table.checks.filter(({ id }) => id !== REFUSED_ROWS),
  }));
  const { outcome, reasons } = decideGate({ ...sound, tables }, plan);
  expect(outcome).toBe('blocked');
  expect(reasons).toContain(`${LINES}: check 'rows:refused' did not run`);
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

test('0 of 0 rows is not a pass for gold either, though its columns were checked', () => {
  const results = soundResults(plan, 'model');
  const tables = results.tables.map((table) => {
    const columns = {
      id: 'columns',
      name: 'columns_as_in_contract',
      onFailure: 'block',
      blockAbovePercent: null,
    } as const;
    const empty = table.checks.map((check) => ({ ...check, evaluated: 0 }));
    return { ...table, checks: [{ ...columns, evaluated: 9, failed: 0, error: null, sample: [] }, ...empty] };
  });
  const { outcome, reasons } = decideGate({ ...results, tables }, plan);
  expect(outcome).toBe('warned');
  expect(reasons).toContain(`${SALES}: no row was checked; 0 of 0 is not a pass`);
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
