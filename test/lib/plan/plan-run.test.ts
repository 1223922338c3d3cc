import fc from 'fast-check';
import { tableId } from '../../../lib/contract/contract.ts';
import { type PlanInput, planRun, type SlotState } from '../../../lib/plan/plan-run.ts';
import {
  afterCommits,
  afterMaintenance,
  afterRun,
  CALENDAR,
  LINES,
  NOTHING,
  NOTHING_OF_ALL,
  ORDERS,
  PERFORMANCE,
  planOf,
  RATES,
  SALES,
} from './commerce.ts';

const FIRST = afterCommits(NOTHING, 4);
const SETTLED = afterRun(FIRST, planOf(FIRST));

test('before the first event there is nothing to do', () => {
  expect(planRun(NOTHING)).toEqual({ hasWork: false, reasons: [`${ORDERS}: nothing has landed yet`] });
});

test('the first run reads bronze from its first version', () => {
  const { refine } = planOf(FIRST);
  expect(refine.map(({ table, source }) => [table, source.fromVersion, source.toVersion])).toEqual([
    [LINES, 0, 3],
    ['commerce.silver.orders', 0, 3],
  ]);
});

test('a refine task says all that the job needs', () => {
  const [task] = planOf(FIRST).refine;
  expect(task).toMatchObject({
    table: LINES,
    contractVersion: '1.1.0',
    source: { table: ORDERS, uri: 's3://b/commerce/orders', explode: 'lines', key: 'order_id' },
    target: { id: LINES, database: 'commerce_silver', table: 'order_lines', uri: 's3://s/commerce/order_lines' },
    keys: ['order_id', 'line_no'],
    quarantineUri: 's3://o/runs/commerce/commerce-20110104t100000-0badcafe/quarantine/commerce.silver.order_lines',
    ahead: [{ column: 'ordered_at', minutes: 24 * 60, horizon: '1 day', now: '2011-01-04T10:00:00Z' }],
  });
  expect(task?.columns).toHaveLength(11);
  expect(task?.checks.map(({ id }) => id)).toContain('quantity_not_zero');
});

/** The contracts with one more check on a table. */
const withReference = (table: string, references: string): PlanInput => ({
  ...FIRST,
  contracts: FIRST.contracts.map((contract) => {
    const check = {
      id: 'known',
      name: 'known',
      kind: 'foreignKey',
      columns: ['order_id'],
      onFailure: 'block',
    } as const;
    const known = { ...check, references: { table: references, columns: ['order_id'] } };
    return tableId(contract) === table ? { ...contract, checks: [...contract.checks, known] } : contract;
  }),
});

test('tables that checks look into are in the plan: silver where it is, gold in the slot that is being built', () => {
  const orders = 'commerce.silver.orders';
  expect(planOf(FIRST).refine.flatMap(({ reads }) => reads)).toEqual([]);
  expect(planOf(withReference(LINES, orders)).refine[0]?.reads).toEqual([
    { id: orders, database: 'commerce_silver', table: 'orders', uri: 's3://s/commerce/orders' },
  ]);
  expect(planOf(withReference(PERFORMANCE, SALES)).model?.tables.find(({ id }) => id === PERFORMANCE)?.reads).toEqual([
    {
      id: SALES,
      database: 'commerce_gold_green',
      table: 'gold_fact_sales',
      uri: 's3://g/commerce/green/gold_fact_sales',
    },
  ]);
});

test('results are kept beside the plan', () => {
  const folder = 's3://o/runs/commerce/commerce-20110104t100000-0badcafe';
  expect(planOf(FIRST).results).toEqual({ refine: `${folder}/refine.json`, model: `${folder}/model.json` });
});

test('the first model is built in full, in the slot that the empty catalogue does not point to', () => {
  expect(planOf(FIRST).model).toMatchObject({
    slot: 'green',
    database: 'commerce_gold_green',
    locationRoot: 's3://g/commerce/green',
    inputs: [{ id: LINES, uri: 's3://s/commerce/order_lines', builtFromVersion: null }],
    tables: [
      { id: CALENDAR },
      { id: SALES, database: 'commerce_gold_green', uri: 's3://g/commerce/green/gold_fact_sales' },
      { id: PERFORMANCE, uri: 's3://g/commerce/green/gold_product_performance' },
    ],
  });
});

test('a run after which nothing came has nothing to do', () => {
  expect(planRun(SETTLED)).toEqual({ hasWork: false, reasons: [`${ORDERS}: version 3 is in silver and gold`] });
});

test.each([ORDERS, LINES])('compaction of %s leaves a run nothing to do', (table) => {
  expect(planRun(afterMaintenance(SETTLED, table, 3)).hasWork).toBe(false);
});

test('rows that come after a compaction are read together with it, and gold is built from them', () => {
  const plan = planOf(afterCommits(afterMaintenance(SETTLED, ORDERS, 2), 1));
  expect(plan.refine.map(({ source }) => [source.fromVersion, source.toVersion])).toEqual([
    [4, 6],
    [4, 6],
  ]);
  expect(plan.model?.slot).toBe('blue');
});

test('new data is built in the slot that consumers do not see, from what that slot holds', () => {
  const second = afterCommits(SETTLED, 1);
  expect(planOf(second).model).toMatchObject({ slot: 'blue', inputs: [{ builtFromVersion: null }] });
  const third = afterCommits(afterRun(second, planOf(second)), 1);
  expect(planOf(third).model).toMatchObject({ slot: 'green', inputs: [{ builtFromVersion: 0 }] });
});

test('a run whose gold was blocked is tried again in the same slot', () => {
  const second = afterCommits(SETTLED, 1);
  const blocked: PlanInput = { ...afterRun(second, planOf(second)), published: 'green' };
  const plan = planOf(blocked);
  expect(plan.refine).toEqual([]);
  expect(plan.model).toMatchObject({ slot: 'blue', inputs: [{ builtFromVersion: 1 }] });
});

test('a gold table that consumers do not have yet is built without new data', () => {
  const { [PERFORMANCE]: _, ...tables } = SETTLED.slots.green?.tables ?? {};
  const lacking = { ...SETTLED, slots: { green: { inputs: SETTLED.slots.green?.inputs ?? {}, tables } } };
  expect(planOf(lacking)).toMatchObject({ refine: [], model: { slot: 'blue' } });
});

test('a table without inputs is built when another one can be, again by a new version of its contract, and else never', () => {
  const newer: PlanInput = {
    ...SETTLED,
    contracts: SETTLED.contracts.map((contract) =>
      tableId(contract) === CALENDAR ? { ...contract, version: '1.0.1' } : contract,
    ),
  };
  expect(planRun(NOTHING).hasWork).toBe(false);
  expect(planOf(newer)).toMatchObject({ refine: [], model: { slot: 'blue', inputs: [{ builtFromVersion: null }] } });
  expect(planRun(afterRun(newer, planOf(newer))).hasWork).toBe(false);
});

test('without an optional input gold is built all the same, by a table without rows that the job makes', () => {
  const first = afterCommits(NOTHING_OF_ALL, 4);
  const inputOf = (input: PlanInput) => planOf(input).model?.inputs.find(({ id }) => id === RATES);
  const names = inputOf(first)?.missing?.map(({ name }) => name);
  expect(names).toEqual(['rate_month', 'country', 'units_per_usd']);
  const settled = afterRun(first, planOf(first));
  expect(planRun(settled).hasWork).toBe(false);
  const second = afterCommits(settled, 1);
  expect(inputOf(second)?.missing).toBeNull();
  const third = afterCommits(afterRun(second, planOf(second)), 1);
  expect(inputOf(third)).toMatchObject({ builtFromVersion: 0, missing: null });
});

/** A slot whose sales were built by this version of their contract. */
function slotBuiltBy(contractVersion: string): SlotState {
  const { inputs = {}, tables = {} } = SETTLED.slots.green ?? {};
  return { inputs, tables: { ...tables, [SALES]: { contractVersion } } };
}

test('a new major version of a gold table is built without new data, and in full in either slot', () => {
  const green = slotBuiltBy('0.9.0');
  expect(planOf({ ...SETTLED, slots: { green } })).toMatchObject({ refine: [], model: { slot: 'blue' } });
  const next = { ...SETTLED, slots: { green: slotBuiltBy('1.0.0'), blue: slotBuiltBy('0.9.0') } };
  expect(planOf(afterCommits(next, 1)).model?.inputs).toMatchObject([{ builtFromVersion: null }]);
});

test('what a contract says otherwise without breaking anybody is no reason to build', () => {
  expect(planRun({ ...SETTLED, slots: { green: slotBuiltBy('1.7.3') } }).hasWork).toBe(false);
});

test('a silver table that is new reads all of bronze, the others nothing', () => {
  const { [LINES]: _, ...consumed } = SETTLED.consumed;
  const plan = planOf({ ...SETTLED, consumed });
  expect(plan.refine.map(({ table, source }) => [table, source.fromVersion])).toEqual([[LINES, 0]]);
});

test('a bronze table that was made anew is read from its start', () => {
  const plan = planOf({ ...SETTLED, versions: { ...SETTLED.versions, [ORDERS]: 1 } });
  expect(plan.refine.map(({ source }) => [source.fromVersion, source.toVersion])).toEqual([
    [0, 1],
    [0, 1],
  ]);
});

test('a slot that was built from a version that silver has no more is built in full', () => {
  const stale = { ...FIRST, slots: { green: { inputs: { [LINES]: 9 }, tables: {} } } };
  expect(planOf(stale).model?.inputs).toMatchObject([{ builtFromVersion: null }]);
});

test('while gold is held, silver is refined and gold is not built; then it is built from all that came', () => {
  const hold = { by: 'ada', reason: 'totals are doubled', since: '2011-01-04T10:00:00Z' };
  const held = planOf({ ...FIRST, hold });
  expect([held.refine.length > 0, held.model]).toEqual([true, null]);
  const after = afterRun({ ...FIRST, hold }, held);
  expect(planRun(after)).toMatchObject({
    hasWork: false,
    reasons: expect.arrayContaining([expect.stringMatching(/gold is held$/)]),
  });
  expect(planOf({ ...after, hold: null }).model?.tables.map(({ id }) => id)).toContain(SALES);
});

test('a gold table without its input waits for it', () => {
  const contracts = NOTHING.contracts.filter(({ table }) => table !== 'order_lines');
  const plan = planOf({ ...FIRST, contracts });
  expect(plan.refine.map(({ table }) => table)).toEqual(['commerce.silver.orders']);
  expect(plan.model).toBeNull();
});

/** What may happen to a domain, in any order. */
const events = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('commits' as const), count: fc.integer({ min: 1, max: 9 }) }),
    fc.record({
      type: fc.constant('maintenance' as const),
      count: fc.integer({ min: 1, max: 3 }),
      table: fc.constantFrom(ORDERS, LINES),
    }),
    fc.record({ type: fc.constant('run' as const), isBlocked: fc.boolean() }),
  ),
  { maxLength: 30 },
);

/** There is nothing to maintain before the first commit. */
const maintain = (world: PlanInput, table: string, commits: number): PlanInput =>
  world.versions[table] === undefined ? world : afterMaintenance(world, table, commits);

const lastChange = ({ unchangedSince, versions }: PlanInput, table: string): number =>
  unchangedSince[table] ?? versions[table] ?? -1;

const range = (first: number, last: number): number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

test('whatever happens, every bronze version with rows is read once, in order, and then gold is as new as silver', () => {
  fc.assert(
    fc.property(events, (happenings) => {
      const read: Record<string, number[]> = {};
      let world: PlanInput = NOTHING;
      const run = (isBlocked: boolean) => {
        const decision = planRun(world);
        if (!decision.hasWork) return;
        for (const { table, source } of decision.plan.refine) {
          read[table] = [...(read[table] ?? []), ...range(source.fromVersion, source.toVersion)];
        }
        expect(decision.plan.model?.slot).not.toBe(world.published ?? 'blue');
        const after = afterRun(world, decision.plan);
        world = isBlocked ? { ...after, published: world.published } : after;
      };
      for (const happening of happenings) {
        if (happening.type === 'commits') world = afterCommits(world, happening.count);
        else if (happening.type === 'maintenance') world = maintain(world, happening.table, happening.count);
        else run(happening.isBlocked);
      }
      run(false);
      const versions = range(0, world.versions[ORDERS] ?? -1);
      for (const table of Object.keys(read)) {
        expect(read[table]).toEqual(versions.slice(0, read[table]?.length));
        expect(read[table]?.at(-1)).toBeGreaterThanOrEqual(lastChange(world, ORDERS));
      }
      expect(planRun(world).hasWork).toBe(false);
      const built = world.published && world.slots[world.published]?.inputs[LINES];
      if (world.published) expect(built).toBeGreaterThanOrEqual(lastChange(world, LINES));
    }),
  );
});

test('refused rows that wait to be judged again are work, with or without new commits', () => {
  const replay = { table: LINES, uri: 's3://o/runs/commerce/replays/1.json' };
  const first = planOf(afterCommits(NOTHING, 3));
  const idle = afterRun(afterCommits(NOTHING, 3), first);
  expect(planRun(idle)).toMatchObject({ hasWork: false });
  const again = planOf({ ...idle, replays: [replay] });
  expect(again.refine.map(({ table, replays }) => [table, replays])).toEqual([[LINES, [replay.uri]]]);
  expect(again.refine[0]?.source).toMatchObject({ fromVersion: 3, toVersion: 2 });
  expect(again.model).not.toBeNull();
  const withMore = planOf({ ...afterCommits(idle, 1), replays: [replay] });
  const ofLines = withMore.refine.find(({ table }) => table === LINES);
  expect(ofLines).toMatchObject({ replays: [replay.uri], source: { fromVersion: 3, toVersion: 3 } });
  expect(withMore.refine.filter(({ table }) => table !== LINES).map(({ replays }) => replays)).toEqual([[]]);
});
