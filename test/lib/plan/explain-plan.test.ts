import fc from 'fast-check';
import { type Contract, tableId } from '../../../lib/contract/contract.ts';
import { explainPlan } from '../../../lib/plan/explain-plan.ts';
import { type PlanInput, planRun } from '../../../lib/plan/plan-run.ts';
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
  SALES,
} from './commerce.ts';

const FIRST = afterCommits(NOTHING, 4);
const SETTLED = afterRun(FIRST, planOf(FIRST));

const lineOf = (input: PlanInput, table: string) => explainPlan(input).find((line) => line.table === table);

test('before the first event every table says what it waits for', () => {
  expect(lineOf(NOTHING, LINES)).toEqual({
    ...{ table: LINES, source: ORDERS, action: 'skip', scope: '' },
    why: `nothing has landed in ${ORDERS} yet`,
  });
  expect(lineOf(NOTHING, SALES)?.why).toBe(`there is no ${LINES} yet`);
});

test('the first run reads all of bronze and builds the slot that nobody sees', () => {
  expect(lineOf(FIRST, LINES)).toEqual({
    ...{ table: LINES, source: ORDERS, action: 'refine', scope: `${ORDERS} 0-3` },
    why: 'nothing of it is read yet',
  });
  expect(lineOf(FIRST, SALES)).toEqual({
    ...{ table: SALES, action: 'build', scope: 'slot green' },
    why: `${LINES} is refined before; consumers do not see it yet`,
  });
});

test('after a run every table says why it is skipped', () => {
  expect(lineOf(SETTLED, LINES)).toMatchObject({
    action: 'skip',
    why: `it holds all rows of ${ORDERS}, as of version 3`,
  });
  expect(lineOf(SETTLED, SALES)).toMatchObject({ action: 'skip', why: 'what consumers see holds all of silver' });
  expect(lineOf(afterMaintenance(SETTLED, ORDERS, 2), LINES)?.action).toBe('skip');
});

test('a table without inputs is built once for each slot, and says why not again', () => {
  const why = 'it has no inputs, so only a change of its contract or model builds it again';
  const second = afterCommits(SETTLED, 1);
  const third = afterCommits(afterRun(second, planOf(second)), 1);
  expect(lineOf(NOTHING, CALENDAR)?.why).toBe('it has no inputs, and is built with the first table that has its own');
  expect(lineOf(FIRST, CALENDAR)).toMatchObject({ action: 'build', why: 'consumers do not see it yet' });
  expect(lineOf(SETTLED, CALENDAR)).toEqual({ table: CALENDAR, action: 'skip', scope: '', why });
  expect(lineOf(second, CALENDAR)?.action).toBe('build');
  expect(lineOf(third, CALENDAR)).toEqual({ table: CALENDAR, action: 'keep', scope: 'slot green', why });
});

test('a table of whose inputs none has changed is kept, and says so', () => {
  const contracts = NOTHING_OF_ALL.contracts.map((contract) =>
    tableId(contract) === PERFORMANCE ? { ...contract, inputs: [{ table: LINES }] } : contract,
  );
  const all = afterCommits({ ...NOTHING_OF_ALL, contracts }, 4);
  const withRates = (input: PlanInput, version: number): PlanInput => ({
    ...input,
    versions: { ...input.versions, 'commerce.bronze.fx_rates': version },
  });
  const first = withRates(afterRun(all, planOf(all)), 0);
  const rated = withRates(afterRun(first, planOf(first)), 1);
  expect(lineOf(rated, SALES)?.action).toBe('build');
  expect(lineOf(rated, PERFORMANCE)).toEqual({
    ...{ table: PERFORMANCE, action: 'keep', scope: 'slot green' },
    why: 'nothing that it is made of has changed since the slot was built',
  });
});

test('a new text of a model is a reason to build it, until consumers see what it makes', () => {
  const change = (contract: Contract): Contract =>
    tableId(contract) === PERFORMANCE ? { ...contract, model: 'another' } : contract;
  const deployed = { ...SETTLED, contracts: SETTLED.contracts.map(change) };
  const why = 'its model has another text than the one that made what consumers see';
  expect(lineOf(deployed, PERFORMANCE)).toMatchObject({ action: 'build', why });
  expect(lineOf(deployed, SALES)?.why).toBe('all tables of gold are published together');
  expect(planRun(afterRun(deployed, planOf(deployed))).hasWork).toBe(false);
});

test('new commits are named by the version up to which the table is read', () => {
  expect(lineOf(afterCommits(SETTLED, 2), LINES)).toMatchObject({
    scope: `${ORDERS} 4-5`,
    why: 'it is read up to version 3',
  });
});

test('a source that was made anew is read from its beginning', () => {
  const anew: PlanInput = { ...SETTLED, versions: { ...SETTLED.versions, [ORDERS]: 1 } };
  expect(lineOf(anew, LINES)).toMatchObject({
    scope: `${ORDERS} 0-1`,
    why: 'it was made anew since version 3 was read',
  });
});

test('refused rows that wait are a reason without new commits', () => {
  const waiting: PlanInput = { ...SETTLED, replays: [{ table: LINES, uri: 's3://o/rows.json' }] } as PlanInput;
  expect(lineOf(waiting, LINES)).toEqual({
    ...{ table: LINES, source: ORDERS, action: 'refine', scope: '' },
    why: 'refused rows are judged again',
  });
});

test('gold that consumers see behind silver says from which version it was built', () => {
  const ahead: PlanInput = { ...SETTLED, versions: { ...SETTLED.versions, [LINES]: 7 } };
  expect(lineOf(ahead, SALES)?.why).toBe(`${LINES} is at version 7, what consumers see was built from version 0`);
});

test('gold that is held says by whom, why, since when and what ends it', () => {
  const hold = { by: 'ada', reason: 'totals are doubled', since: '2011-01-04T10:00:00Z' };
  expect(lineOf({ ...FIRST, hold }, SALES)).toMatchObject({
    action: 'skip',
    why: 'gold is held since 2011-01-04T10:00:00Z by ada: totals are doubled; `sluice publish release commerce` ends it',
  });
  expect(lineOf({ ...FIRST, hold }, LINES)?.action).toBe('refine');
});

const world = fc
  .array(fc.constantFrom('commit', 'run', 'compaction'), { maxLength: 8 })
  .map((steps) => steps.reduce<PlanInput>(after, NOTHING));

function after(input: PlanInput, step: string): PlanInput {
  if (step === 'commit') return afterCommits(input, 1);
  if (step === 'compaction') return input.versions[ORDERS] === undefined ? input : afterMaintenance(input, ORDERS, 1);
  const decision = planRun(input);
  return decision.hasWork ? afterRun(input, decision.plan) : input;
}

test('what is explained is what is planned: each table once for a source, taken or skipped, with a reason', () => {
  fc.assert(
    fc.property(world, (input) => {
      const lines = explainPlan(input);
      const decision = planRun(input);
      const planned = decision.hasWork
        ? [
            ...decision.plan.refine.map(({ table }) => table),
            ...(decision.plan.model?.tables ?? []).map(({ id }) => id),
          ]
        : [];
      const stored = input.contracts.filter(({ layer }) => layer !== 'bronze');
      expect(lines).toHaveLength(
        stored.reduce((sum, { layer, inputs }) => sum + (layer === 'gold' ? 1 : inputs.length), 0),
      );
      expect(lines.filter(({ action }) => action !== 'skip').map(({ table }) => table)).toEqual(planned);
      expect(lines.every(({ why }) => why !== '')).toBe(true);
    }),
  );
});
