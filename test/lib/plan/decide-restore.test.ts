import { tableId } from '../../../lib/contract/contract.ts';
import { decideRestore, type Refined, type RestoreWish } from '../../../lib/plan/decide-restore.ts';
import { afterCommits, afterRun, LINES, NOTHING, ORDERS, planOf, SALES } from './commerce.ts';

const landed = afterCommits(NOTHING, 30);
const now = { ...afterRun(landed, planOf(landed)), versions: { [ORDERS]: 30, [LINES]: 12 } };
const VERSION = now.contracts.find((each) => tableId(each) === LINES)?.version ?? '';

/** A run that read bronze up to a version, and what version of silver it left. */
const run = (day: number, toVersion: number, deltaVersion: number, more: Partial<Refined['result']> = {}): Refined => ({
  runId: `r${day}`,
  endedAt: `2011-01-0${day}T02:30:00.000Z`,
  result: {
    ...{ contractVersion: VERSION, replayed: 0, deltaVersion, rowCount: 10 * day },
    inputs: [{ table: ORDERS, fromVersion: 0, toVersion }],
    ...more,
  },
});
const refined = [run(4, 29, 12), run(3, 20, 9), run(2, 11, 7), run(1, 5, 7)];
const decide = (wish: Partial<RestoreWish>, runs = refined, repaired: { id: string; endedAt: string }[] = []) =>
  decideRestore(now, { table: LINES, version: 9, ...wish }, runs, repaired);
const refused = (reason: RegExp) => ({ type: 'Refused', reason: expect.stringMatching(reason) });

test('what came after the version is read again, and nothing before', () => {
  expect(decide({})).toMatchObject({ type: 'Restore', runId: 'r3', rows: 30, consumed: { [ORDERS]: 20 } });
  expect(decide({})).toMatchObject({ version: 9, upTo: { [ORDERS]: 30 } });
});

test('of runs that left the same version the last one has read the most', () => {
  expect(decide({ version: 7 })).toMatchObject({ runId: 'r2', consumed: { [ORDERS]: 11 } });
});

test('a version that no run left is refused, with those that there are', () => {
  const newest = /no version 8 that a run left; the newest that runs left: 12 \(r4\), 9 \(r3\), 7 \(r2\)$/;
  expect(decide({ version: 8 })).toEqual(refused(newest));
  expect(decide({}, [])).toEqual(refused(/no run that is remembered has refined it$/));
});

test('a version of another contract is refused', () => {
  const older = [run(4, 29, 12), run(3, 20, 9, { contractVersion: '0.9.0' })];
  expect(decide({}, older)).toEqual(refused(/^version 9 of .* was made by contract 0.9.0, and .* is deployed/));
});

test('what no run would do again is not thrown away', () => {
  const replayed = [run(4, 29, 12, { replayed: 2 }), ...refined.slice(1)];
  expect(decide({}, replayed)).toEqual(refused(/run 'r4' let in rows that a person had judged again, which would be/));
  expect(decide({ version: 12 }, replayed)).toMatchObject({ type: 'Restore' });
  const repaired = [{ id: 'b1', endedAt: '2011-01-03T09:00:00.000Z' }];
  expect(decide({}, refined, repaired)).toEqual(refused(/backfill 'b1' changed rows, which would be lost/));
  expect(decide({ version: 12 }, refined, repaired)).toMatchObject({ type: 'Restore' });
});

test.each([
  [ORDERS, /is never changed/],
  [SALES, /built from silver by runs/],
  ['commerce.silver.sales', /^table 'commerce.silver.sales' is unknown/],
])('%s is refused as by a backfill', (table, reason) => {
  expect(decide({ table })).toEqual(refused(reason));
});
