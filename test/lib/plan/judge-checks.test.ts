import { type Check, tableId } from '../../../lib/contract/contract.ts';
import { judgeChecks } from '../../../lib/plan/judge-checks.ts';
import type { Override } from '../../../lib/plan/override.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { afterCommits, LINES, NOTHING, planOf, soundResults } from './commerce.ts';

const REFERENCE: Check = {
  ...{ id: 'known_order', name: 'known_order', kind: 'foreignKey', columns: ['order_id'], onFailure: 'quarantine' },
  references: { table: 'commerce.silver.orders', columns: ['order_id'] },
};

function planWith(reference: Check, overrides: readonly Override[] = []): Plan {
  const input = afterCommits(NOTHING, 1);
  const contracts = input.contracts.map((contract) =>
    tableId(contract) === LINES ? { ...contract, checks: [...contract.checks, reference] } : contract,
  );
  return planOf({ ...input, contracts, overrides });
}

const gateOf = (plan: Plan, results = soundResults(plan, 'refine')) =>
  judgeChecks(results, plan).find(({ rule }) => rule === 'known_order')?.gate;

test('a reference that refuses rows judges them before they are merged, any other one the table that came out', () => {
  expect(gateOf(planWith(REFERENCE))).toBe('G1');
  expect(gateOf(planWith({ ...REFERENCE, onFailure: 'block' }))).toBe('G2');
  expect(gateOf(planWith({ ...REFERENCE, onFailure: 'warn' }))).toBe('G2');
});

test('a reference that refuses rows and was not judged blocks at the gate of rows', () => {
  const plan = planWith(REFERENCE);
  const { tables, ...results } = soundResults(plan, 'refine');
  const without = tables.map((table) => ({ ...table, checks: table.checks.filter(({ id }) => id !== 'known_order') }));
  expect(
    judgeChecks({ ...results, tables: without }, plan).filter(({ outcome }) => outcome === 'blocked'),
  ).toMatchObject([{ gate: 'G1', rule: 'known_order', expected: 'order_id: in commerce.silver.orders (order_id)' }]);
});

test('an override of a reference that refuses rows takes its limit away: it still refuses them, before the merge', () => {
  const override: Override = {
    ...{ table: LINES, rule: 'known_order', approver: 'a@example.com', reason: 'late orders', runId: 'r' },
    ...{ approvedAt: '2011-01-03T10:00:00Z', until: '2011-01-05T10:00:00Z' },
  };
  const limited = { ...REFERENCE, blockAbovePercent: 1 };
  expect(gateOf(planWith(limited, [override]))).toBe('G1');
  expect(planWith(limited, [override]).refine[0]?.checks.at(-1)).toEqual({ ...REFERENCE, override });
  const blocking: Check = { ...REFERENCE, onFailure: 'block' };
  expect(gateOf(planWith(blocking, [override]))).toBe('G2');
});
