import type { Contract } from '../../../lib/contract/contract.ts';
import { explainPlan } from '../../../lib/plan/explain-plan.ts';
import { type PlanInput, planRun } from '../../../lib/plan/plan-run.ts';
import { afterRun, LINES, NOTHING, planOf } from './commerce.ts';

const GOLD = 'stock.gold.gold_units';
const of = (table: string): Contract => NOTHING.contracts.find((each) => each.table === table)!;

/** A domain without events of its own: gold of one table, made of lines that the shop shares. */
const gold: Contract = {
  ...{ ...of('gold_fact_sales'), domain: 'stock', table: 'gold_units', checks: [], relationships: [] },
  inputs: [{ table: LINES }],
};
const stock = (input: Partial<PlanInput> = {}): PlanInput => ({
  ...{ ...NOTHING, domain: 'stock', runId: 'stock-1', contracts: [gold, of('order_lines')] },
  ...input,
});
const BUILT = stock({ versions: { [LINES]: 3 } });

test('the first run waits for the table of the other domain, and says so', () => {
  expect(planRun(stock())).toEqual({ hasWork: false, reasons: [`${LINES}: its domain has not made it yet`] });
  expect(explainPlan(stock())).toMatchObject([{ table: GOLD, action: 'skip', why: `there is no ${LINES} yet` }]);
});

test('gold is built of it where it lies, under a source of its own, and nothing of the other domain is refined', () => {
  const { refine, model } = planOf(BUILT);
  expect(refine).toEqual([]);
  expect(model?.inputs).toMatchObject([
    {
      ...{ id: LINES, database: 'commerce_silver', table: 'order_lines', uri: 's3://s/commerce/order_lines' },
      ...{ source: 'commerce_silver', builtFromVersion: null },
    },
  ]);
  expect(model?.tables.map(({ uri }) => uri)).toEqual(['s3://g/stock/green/gold_units']);
});

test('a new version of it is what is due, from the one that the slot was built from; then there is nothing', () => {
  const first = afterRun(BUILT, planOf(BUILT));
  expect(planRun(first)).toEqual({ hasWork: false, reasons: [`${LINES}: version 3 is in gold`] });
  const next = { ...first, versions: { [LINES]: 4 } };
  expect(explainPlan(next)).toMatchObject([
    { action: 'build', why: `${LINES} is at version 4, what consumers see was built from version 3` },
  ]);
  const second = afterRun(next, planOf(next));
  const third = planOf({ ...second, versions: { [LINES]: 5 } });
  expect(third.model).toMatchObject({ slot: 'green', inputs: [{ id: LINES, builtFromVersion: 3 }] });
  expect(planRun(second).hasWork).toBe(false);
});
