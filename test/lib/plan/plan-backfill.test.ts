import { type Contract, tableId } from '../../../lib/contract/contract.ts';
import type { BackfillPlan } from '../../../lib/plan/backfill-plan.ts';
import { type BackfillWish, planBackfill } from '../../../lib/plan/plan-backfill.ts';
import { planRun } from '../../../lib/plan/plan-run.ts';
import { afterCommits, afterRun, LINES, NOTHING, ORDERS, planOf, SALES } from './commerce.ts';

const landed = afterCommits(NOTHING, 5);
const rested = { ...afterRun(landed, planOf(landed)), runId: 'commerce-20110105t100000-0badcafe' };
const now = { ...rested, createdAt: '2011-01-05T10:00:00.000Z' };
const wish: BackfillWish = {
  table: LINES,
  range: { from: '2010-12-01T00:00:00.000Z', to: '2010-12-04T00:00:00.000Z' },
};

function planned(input = now, of: Partial<BackfillWish> = {}): BackfillPlan {
  const plan = planBackfill(input, { ...wish, ...of });
  if ('reason' in plan) throw new Error(plan.reason);
  return plan;
}

test('bronze is read from its first version to the one of now, though silver has read all of it', () => {
  expect(planRun(now).hasWork).toBe(false);
  const { task, shadow, folder } = planned();
  expect(task.source).toMatchObject({ table: ORDERS, fromVersion: 0, toVersion: 4 });
  expect(task).toMatchObject({ table: LINES, late: null, replays: [], target: { uri: 's3://s/commerce/order_lines' } });
  expect(folder).toBe(`s3://o/backfills/commerce/${now.runId}`);
  expect([task.quarantineUri, shadow.uri]).toEqual([`${folder}/quarantine`, `s3://s/commerce/_backfill_${now.runId}`]);
});

test('it is refined as a run would have refined it that had read nothing yet', () => {
  const { source, quarantineUri, ...task } = planned().task;
  const [run] = planOf(afterCommits({ ...NOTHING, createdAt: now.createdAt }, 5)).refine.filter(
    ({ table }) => table === LINES,
  );
  expect(run).toMatchObject(task);
});

test('the range is cut into days, and what has no range is all that can have happened', () => {
  expect(planned().intervals.map(({ from }) => from.slice(0, 10))).toEqual(['2010-12-01', '2010-12-02', '2010-12-03']);
  const { from, to } = planned(now, { range: null });
  expect([from, to]).toEqual(['1900-01-01T00:00:00.000Z', '2011-01-07T00:00:00.000Z']);
});

test.each([
  [1, 3],
  [660_000, 3],
  [670_001, 68],
])('a day with few events is not worth a job: 68 days with %i events are made in %i parts', (events, parts) => {
  const all = { from: '2010-12-05T00:00:00.000Z', to: '2011-02-11T00:00:00.000Z' };
  const later = { ...now, createdAt: '2011-03-01T00:00:00.000Z' };
  const { intervals } = planned(later, { range: all, dense: all, events });
  expect(intervals).toHaveLength(parts);
});

test('versions that silver has not read are read too, and what waits to be judged again is left to runs', () => {
  const replays = [{ table: LINES, uri: 's3://o/r.json' }].map(
    (replay) => ({ ...replay, type: 'replay', v: 1 }) as never,
  );
  const { task } = planned({ ...afterCommits(now, 2), replays });
  expect([task.source.toVersion, task.replays]).toEqual([6, []]);
});

const days = (from: string, to: string) => ({ range: { from: `${from}T00:00:00.000Z`, to: `${to}T00:00:00.000Z` } });

test.each<[string, Partial<BackfillWish>, RegExp]>([
  ['an unknown table', { table: 'commerce.silver.sales' }, /^table 'commerce.silver.sales' is unknown in 'commerce'$/],
  ['bronze', { table: ORDERS }, /never changed; what is made of it can be: .*commerce.silver.order_lines/],
  ['gold', { table: SALES }, /`sluice rebuild commerce.gold.gold_fact_sales` builds it in full/],
  ['an empty range', days('2010-12-04', '2010-12-04'), /^the range is empty: found from 2010-12-04/],
  ['a range that ends before it begins', days('2010-12-04', '2010-12-01'), /^the range is empty/],
  ['the future', days('2011-01-06', '2011-01-07'), /^from: found 2011-01-06.*still to come/],
  ['an end in the future', days('2010-12-01', '2011-01-08'), /^to: found 2011-01-08.*allowed is up to 2011-01-07/],
  ['before there were events', days('1899-12-31', '2010-12-01'), /^from: found 1899.*allowed is from 1900/],
])('%s is refused with what to do instead', (_, of, reason) => {
  expect(planBackfill(now, { ...wish, ...of })).toEqual({ type: 'Refused', reason: expect.stringMatching(reason) });
});

test('a table that was never made, or of which nothing has landed, is refused', () => {
  expect(planBackfill(landed, wish)).toMatchObject({
    reason: expect.stringMatching(/does not exist yet; the next run/),
  });
  const nothing = { ...now, versions: { [LINES]: 3 } };
  expect(planBackfill(nothing, wish)).toMatchObject({
    reason: expect.stringMatching(/^nothing has landed in commerce/),
  });
});

test.each<[string, Partial<Contract>]>([
  ['deletes', { changes: { operation: 'op', deletes: ['d'], truncates: [] } }],
  ['an order of its own', { changes: { deletes: [], truncates: [], orderBy: 'line_no' } }],
  ['every version of a row', { write: { mode: 'scd2', keys: ['order_id', 'line_no'] } }],
])('of a table with %s all is made again, whatever range was asked for', (_, kept) => {
  const contracts = now.contracts.map((each) => (tableId(each) === LINES ? { ...each, ...kept } : each));
  const { from, to, intervals } = planned({ ...now, contracts }, { dense: wish.range ?? undefined });
  expect([from, to]).toEqual(['1900-01-01T00:00:00.000Z', '2011-01-07T00:00:00.000Z']);
  expect(intervals.map((each) => each.from.slice(0, 10))).toEqual(['1900-01-01', '2010-12-02', '2010-12-03']);
  const wrong = { range: { from: '2010-12-04T00:00:00.000Z', to: '2010-12-01T00:00:00.000Z' } };
  expect(planBackfill({ ...now, contracts }, { ...wish, ...wrong })).toMatchObject({ type: 'Refused' });
});
