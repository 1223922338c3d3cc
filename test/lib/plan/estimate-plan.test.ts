import fc from 'fast-check';
import { tableId } from '../../../lib/contract/contract.ts';
import {
  type Estimate,
  estimatePlan,
  type KnownSizes,
  lineName,
  type PastStep,
  rangeName,
  rangesToMeasure,
} from '../../../lib/plan/estimate-plan.ts';
import { explainPlan } from '../../../lib/plan/explain-plan.ts';
import { type PlanInput, planRun } from '../../../lib/plan/plan-run.ts';
import { costOf } from '../../../lib/plan/spark-prices.ts';
import { afterCommits, afterRun, LINES, NOTHING, ORDERS, PERFORMANCE, planOf, SALES } from './commerce.ts';
import { anyWorld } from './random-domain.ts';

const SILVER_ORDERS = 'commerce.silver.orders';
const FIRST = afterCommits(NOTHING, 4);
const SECOND = afterCommits(afterRun(FIRST, planOf(FIRST)), 2);
const THIRD = afterCommits(afterRun(SECOND, planOf(SECOND)), 2);

/** Steps that took two minutes and another for each thousand rows, a cent for each minute. */
const past = (step: PastStep['step'], rows: readonly number[]): PastStep[] =>
  rows.map((each) => ({ step, rows: each, minutes: 2 + each / 1000, cost: (2 + each / 1000) / 100 }));

const KNOWN: KnownSizes = {
  ranges: new Map([
    [`${ORDERS} 0-3`, { rows: 4000, files: 4, bytes: 40_000 }],
    [`${ORDERS} 6-7`, { rows: 1000, files: 2, bytes: 10_000 }],
    [`${LINES} 1-1`, { rows: 600, files: 1, bytes: 6000 }],
  ]),
  rows: new Map([[LINES, 12_000]]),
  yields: new Map([
    [LINES, 3],
    [SILVER_ORDERS, 1],
  ]),
  past: [...past('refine', [100, 500, 900]), ...past('model', [300, 600, 5000])],
};

const estimateOf = (input: PlanInput, known: KnownSizes = KNOWN) => estimatePlan(input, planOf(input), known);

test('what has to be measured is what is read: new versions of bronze once, and what silver holds for the slot', () => {
  expect(rangesToMeasure(FIRST, planOf(FIRST)).map(rangeName)).toEqual([`${ORDERS} 0-3`]);
  expect(rangesToMeasure(THIRD, planOf(THIRD)).map(rangeName)).toEqual([`${ORDERS} 6-7`, `${LINES} 1-1`]);
});

test('the first run reads all of bronze, and gold what comes of it', () => {
  const { lines } = estimateOf(FIRST);
  expect(lines.get(lineName(LINES, ORDERS))).toMatchObject({ rows: 4000, files: 4, bytes: 40_000 });
  expect(lines.get(SALES)).toMatchObject({ rows: 12_000, files: null, bytes: null });
});

test('later runs read what is new, and gold also what the other slot was built from', () => {
  const { lines } = estimateOf(THIRD);
  expect(lines.get(lineName(SILVER_ORDERS, ORDERS))).toMatchObject({ rows: 1000, files: 2 });
  expect(lines.get(PERFORMANCE)).toMatchObject({ rows: 600 + 3 * 1000 });
});

test('a slot that is built in full reads whole tables', () => {
  expect(
    estimateOf(SECOND, { ...KNOWN, ranges: new Map([[`${ORDERS} 4-5`, { rows: 10, files: 1, bytes: 9 }]]) }).lines.get(
      SALES,
    ),
  ).toMatchObject({
    rows: 12_000 + 3 * 10,
  });
});

test('a step takes a fixed time and some for each row, and its tables share it by their rows', () => {
  const { lines, total } = estimateOf(THIRD);
  // Two tables of 1,000 rows each in refine, two of 3,600 each in model.
  expect(lines.get(lineName(LINES, ORDERS))?.minutes).toBeCloseTo((2 + 2) / 2);
  expect(lines.get(SALES)?.minutes).toBeCloseTo((2 + 7.2) / 2);
  expect(total.minutes).toBeCloseTo(4 + 9.2);
  expect(total.cost).toBeCloseTo((4 + 9.2) / 100);
  expect(total.rows).toBe(2 * 1000 + 2 * 3600);
});

test.each<[string, Partial<KnownSizes>, Partial<Record<keyof Estimate, unknown>>]>([
  ['without earlier runs', { past: [] }, { rows: 1000, minutes: null, cost: null }],
  ['from two runs', { past: past('refine', [100, 900]) }, { rows: 1000, minutes: null }],
  [
    'where no run was billed',
    { past: KNOWN.past.map((step) => ({ ...step, cost: null })) },
    { minutes: expect.any(Number), cost: null },
  ],
  ['without statistics in the log', { ranges: new Map() }, { rows: null, files: null, minutes: null, cost: null }],
])('%s, what is not known is said to be unknown', (_, unknown, expected) => {
  const { lines, total } = estimateOf(THIRD, { ...KNOWN, ...unknown });
  expect(lines.get(lineName(LINES, ORDERS))).toMatchObject(expected);
  if (expected.minutes === null) expect(total.minutes).toBeNull();
  if (expected.cost === null) expect(total.cost).toBeNull();
});

test('gold is unknown where nobody knows how many rows an event makes', () => {
  expect(estimateOf(THIRD, { ...KNOWN, yields: new Map() }).lines.get(SALES)).toMatchObject({
    rows: null,
    minutes: null,
  });
});

test('every line that is taken has its estimate and no other, by its share of the rows, and all are the total', () => {
  fc.assert(
    fc.property(anyWorld, fc.integer({ min: 1, max: 5000 }), (input, rows) => {
      const decision = planRun(input);
      if (!decision.hasWork) return;
      const ranges = rangesToMeasure(input, decision.plan).map(
        (range, at) => [rangeName(range), { rows: rows * (at + 1), files: 1, bytes: rows }] as const,
      );
      const each = (value: number) => new Map(input.contracts.map((contract) => [tableId(contract), value]));
      const known = { ...KNOWN, ranges: new Map(ranges), rows: each(100), yields: each(2) };
      const { lines, total } = estimatePlan(input, decision.plan, known);
      const taken = explainPlan(input).filter(({ action }) => action !== 'skip');
      expect([...lines.keys()]).toEqual(taken.map(({ table, source }) => lineName(table, source)));
      const sum = (estimates: Iterable<Estimate>, of: (estimate: Estimate) => number | null) =>
        [...estimates].reduce((all, estimate) => all + (of(estimate) ?? Number.NaN), 0);
      const refined = [...lines].filter(([name]) => name.includes(' of ')).map(([, estimate]) => estimate);
      const [stepRows, stepMinutes] = [sum(refined, (line) => line.rows), sum(refined, (line) => line.minutes)];
      if (refined.length > 0) expect(stepMinutes).toBeCloseTo(2 + stepRows / 1000);
      for (const line of stepRows > 0 ? refined : [])
        expect(line.minutes).toBeCloseTo(((line.rows ?? 0) / stepRows) * stepMinutes);
      expect(total.rows).toBe(sum(lines.values(), (line) => line.rows));
      expect(total.minutes).toBeCloseTo(sum(lines.values(), (line) => line.minutes));
    }),
  );
});

test('a cost is what was billed at the listed prices', () => {
  expect(costOf({ vCPUHour: 2, memoryGBHour: 8, storageGBHour: 100 })).toBeCloseTo(0.084188 + 0.037024 + 0.0111);
});
