import { evaluateGate, type Step } from '../../../lambdas/evaluate-gate/evaluate-gate.ts';
import { LostLeaseError } from '../../../lambdas/shared/ledger.ts';
import type { ModelTable, StepResults } from '../../../lib/plan/plan.ts';
import {
  afterCommits,
  CALENDAR,
  LINES,
  NOTHING,
  ORDERS,
  PERFORMANCE,
  planOf,
  SALES,
  soundResults,
} from '../../lib/plan/commerce.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryDocuments, MemoryQueue } from '../fakes/memory-stores.ts';

const LATEST = '2011-01-04T09:59:59.000Z';
const plan = planOf({ ...afterCommits(NOTHING, 4), lastEventTimes: { [ORDERS]: LATEST } });
const PLAN = 's3://o/plan.json';
const ORDERS_SILVER = 'commerce.silver.orders';

async function gateOf(step: Step, results: unknown) {
  const gate = { ledger: new MemoryLedger(), documents: new MemoryDocuments(), queue: new MemoryQueue() };
  await gate.ledger.claim({ domain: 'commerce', runId: plan.runId, trigger: 'a commit', at: plan.createdAt });
  await gate.documents.write(PLAN, plan);
  await gate.documents.write(plan.results[step], results);
  return { ...gate, evaluate: () => evaluateGate(gate, step, PLAN) };
}

/** Results in which the first table of the step differs. */
function withFirst(
  step: Step,
  change: (table: StepResults['tables'][number]) => Partial<StepResults['tables'][number]>,
) {
  const results = soundResults(plan, step);
  return { ...results, tables: results.tables.map((table, i) => (i === 0 ? { ...table, ...change(table) } : table)) };
}

const failing = (step: Step, failed: number) =>
  withFirst(step, ({ checks }) => ({ checks: checks.map((check, i) => (i === 0 ? { ...check, failed } : check)) }));
const unchecked = (step: Step) =>
  withFirst(step, ({ checks }) => ({ checks: checks.map((check) => ({ ...check, error: 'out of memory' })) }));

test('silver that passed is recorded with the bronze versions that it holds, and how far those had come', async () => {
  const gate = await gateOf('refine', soundResults(plan, 'refine'));
  expect((await gate.evaluate()).outcome).toBe('passed');
  const watermarks = { [ORDERS]: { time: LATEST, knownAt: plan.createdAt } };
  const state = { version: 1, rows: 10, consumed: { [ORDERS]: 3 }, watermarks };
  expect(await gate.ledger.tables([LINES, ORDERS_SILVER])).toEqual(
    new Map([
      [LINES, state],
      [ORDERS_SILVER, state],
    ]),
  );
  expect(gate.queue.batches).toEqual([]);
});

test('where nobody knows how far bronze has come, what was known stays', async () => {
  const blind = planOf(afterCommits(NOTHING, 4));
  const gate = await gateOf('refine', soundResults(blind, 'refine'));
  await gate.documents.write(PLAN, blind);
  const watermarks = { [ORDERS]: { time: '2011-01-03T00:00:00.000Z', knownAt: '2011-01-03T01:00:00.000Z' } };
  gate.ledger.commit(LINES, { version: 0, rows: 0, watermarks });
  await gate.evaluate();
  expect((await gate.ledger.tables([LINES])).get(LINES)?.watermarks).toEqual(watermarks);
});

test('versions of other inputs stay recorded', async () => {
  const gate = await gateOf('refine', soundResults(plan, 'refine'));
  gate.ledger.commit(LINES, { version: 0, rows: 0, consumed: { 'commerce.bronze.returns': 9, [ORDERS]: 1 } });
  await gate.evaluate();
  const states = await gate.ledger.tables([LINES]);
  expect(states.get(LINES)?.consumed).toEqual({ 'commerce.bronze.returns': 9, [ORDERS]: 3 });
});

test('rows that refine refused are sent to quarantine, once however often the gate is evaluated', async () => {
  const quarantineUri = 's3://o/runs/commerce/r1/quarantine/lines';
  const results = withFirst('refine', () => ({ quarantined: 2, entries: 2, quarantineUri }));
  const gate = await gateOf('refine', results);
  await gate.evaluate();
  await gate.evaluate();
  expect(gate.queue.batches).toEqual([
    {
      version: 1,
      table: 'commerce.ops.quarantine',
      staged: `${quarantineUri}/`,
      rows: 2,
      events: 0,
      contractVersion: '1.1.0',
      ordered: false,
      positions: [],
      txn: { appId: `refine:${results.tables[0]?.table}`, version: 3 },
    },
  ]);
});

test('silver that is blocked is not recorded, so that its input is judged again', async () => {
  const gate = await gateOf('refine', unchecked('refine'));
  expect((await gate.evaluate()).outcome).toBe('blocked');
  expect((await gate.ledger.tables([LINES, ORDERS_SILVER])).size).toBe(0);
  expect(gate.queue.batches).toEqual([]);
});

test('when quarantined rows cannot be sent, silver is not recorded as done', async () => {
  const gate = await gateOf(
    'refine',
    withFirst('refine', () => ({ quarantined: 1, entries: 1, quarantineUri: 's3://o/q' })),
  );
  gate.queue.isDown = true;
  await expect(gate.evaluate()).rejects.toThrow('SQS is down');
  expect((await gate.ledger.tables([LINES, ORDERS_SILVER])).size).toBe(0);
});

test.each([
  ['passed', soundResults(plan, 'model')],
  ['blocked', unchecked('model')],
])('a slot whose gate is %s is recorded with what it was built from', async (outcome, results) => {
  const gate = await gateOf('model', results);
  expect((await gate.evaluate()).outcome).toBe(outcome);
  const built = ({ id, contractVersion, model }: ModelTable) => [id, { version: 1, rows: 10, contractVersion, model }];
  const tables = Object.fromEntries((plan.model?.tables ?? []).map(built));
  expect(Object.keys(tables)).toEqual([CALENDAR, SALES, PERFORMANCE]);
  expect(await gate.ledger.slots('commerce')).toEqual(new Map([['green', { inputs: { [LINES]: 3 }, tables }]]));
});

test('a slot that lacks a table is not recorded as built', async () => {
  const results = soundResults(plan, 'model');
  const gate = await gateOf('model', { ...results, tables: results.tables.slice(1) });
  expect((await gate.evaluate()).outcome).toBe('blocked');
  expect((await gate.ledger.slots('commerce')).size).toBe(0);
});

test('a check that failed for a few rows quarantines them and lets the run go on', async () => {
  const gate = await gateOf('refine', failing('refine', 1));
  expect(['quarantined', 'warned', 'blocked']).toContain((await gate.evaluate()).outcome);
});

test('results of another run do not pass', async () => {
  const gate = await gateOf('refine', { ...soundResults(plan, 'refine'), runId: 'r0' });
  await expect(gate.evaluate()).rejects.toThrow(`found 'refine' of run 'r0'; allowed is 'refine' of '${plan.runId}'`);
});

test('a document that holds no results names what is wrong', async () => {
  const gate = await gateOf('refine', { ...soundResults(plan, 'refine'), tables: 'none' });
  await expect(gate.evaluate()).rejects.toThrow(/refine\.json: no results of a job: .*tables/s);
});

test('a run that lost its domain records nothing', async () => {
  const gate = await gateOf('model', soundResults(plan, 'model'));
  await gate.ledger.claim({ domain: 'commerce', runId: 'r9', replaces: plan.runId, trigger: 'x', at: plan.createdAt });
  await expect(gate.evaluate()).rejects.toThrow(LostLeaseError);
  expect((await gate.ledger.slots('commerce')).size).toBe(0);
});

describe('rows that are judged again', () => {
  const replay = { table: LINES, uri: 's3://o/replays/1.json' };
  const again = planOf({ ...afterCommits(NOTHING, 4), replays: [replay] });
  const later = { ...replay, uri: 's3://o/replays/2.json' };

  async function evaluated(results: StepResults) {
    const gate = { ledger: new MemoryLedger(), documents: new MemoryDocuments(), queue: new MemoryQueue() };
    await gate.ledger.claim({ domain: 'commerce', runId: again.runId, trigger: 'a wish', at: again.createdAt });
    for (const each of [replay, later]) await gate.ledger.recordReplay('commerce', each);
    await gate.documents.write(PLAN, again);
    await gate.documents.write(again.results.refine, results);
    const { outcome } = await evaluateGate(gate, 'refine', PLAN);
    return { outcome, left: await gate.ledger.replays('commerce'), batches: gate.queue.batches };
  }

  const sound = soundResults(again, 'refine');
  const judged = { quarantineUri: 's3://o/q', entries: 3, judgedAgain: 3, replayed: 2 };
  const nothingNew = (change: object): StepResults => ({
    ...sound,
    tables: sound.tables.map((table) => ({
      ...table,
      ...judged,
      checks: table.checks.map((check) => ({ ...check, evaluated: 0, ...change })),
    })),
  });

  test('have their entries committed and are judged no more; those asked for meanwhile wait', async () => {
    const { outcome, left, batches } = await evaluated(nothingNew({}));
    expect([outcome, left]).toEqual(['passed', [later]]);
    expect(batches.map(({ rows, events }) => [rows, events])).toContainEqual([3, 0]);
  });

  test('wait on when the run is blocked', async () => {
    const { outcome, left, batches } = await evaluated(nothingNew({ error: 'out of memory' }));
    expect([outcome, left, batches]).toEqual(['blocked', [replay, later], []]);
  });
});
