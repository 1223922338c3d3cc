import { planDomain } from '../../../lambdas/plan-run/plan-domain.ts';
import { LostLeaseError } from '../../../lambdas/shared/ledger.ts';
import type { DeltaVersions } from '../../../lambdas/shared/ports.ts';
import { type Check, tableId } from '../../../lib/contract/contract.ts';
import { type History, historyKey, withPoint } from '../../../lib/plan/history.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { CALENDAR, LINES, NOTHING, ORDERS, PERFORMANCE, SALES } from '../../lib/plan/commerce.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryDocuments } from '../fakes/memory-stores.ts';

const lease = { domain: 'commerce', runId: 'r1' };
const at = '2011-01-04T12:00:00.000Z';
const PLAN = 's3://o/runs/commerce/r1/plan.json';

/** Tables by URI, at these versions. */
class Tables implements DeltaVersions {
  readonly asked: [string, number | undefined][] = [];
  constructor(
    private readonly versions: Readonly<Record<string, number>>,
    private readonly changed: Readonly<Record<string, number>>,
  ) {}

  async latest(tableUri: string, atLeast?: number): Promise<number | null> {
    this.asked.push([tableUri, atLeast]);
    return this.versions[tableUri] ?? null;
  }

  async lastChange(tableUri: string, latest: number): Promise<number> {
    return this.changed[tableUri] ?? latest;
  }
}

type Versions = Readonly<Record<string, number>>;

async function plannerOf(versions: Versions, changed: Versions = {}) {
  const ledger = new MemoryLedger();
  await ledger.claim({ ...lease, trigger: 'a commit', at });
  const { contracts, buckets } = NOTHING;
  return { ledger, versions: new Tables(versions, changed), documents: new MemoryDocuments(), contracts, buckets };
}

test('what landed and is not in silver yet becomes a plan where the jobs find it', async () => {
  const planner = await plannerOf({ 's3://b/commerce/orders': 4 });
  expect(await planDomain(planner, lease, at)).toEqual({
    runId: 'r1',
    hasWork: true,
    needsRefine: true,
    needsModel: true,
    planUri: PLAN,
  });
  expect(await planner.documents.read(PLAN)).toMatchObject({
    version: 1,
    runId: 'r1',
    domain: 'commerce',
    createdAt: at,
    results: { refine: 's3://o/runs/commerce/r1/refine.json' },
  });
});

test('what earlier runs measured is in the plan as what is expected of this one', async () => {
  const planner = await plannerOf({ 's3://b/commerce/orders': 4 });
  const watched: Check = {
    ...{ id: 'usual_rows', name: 'usual_rows', kind: 'anomaly', columns: [], measure: 'rowsIn', onFailure: 'warn' },
    usual: { season: 'none', minHistory: 3, deviations: 4, minChangePercent: 20, minChange: 10 },
  };
  const contracts = planner.contracts.map((contract) =>
    tableId(contract) === LINES ? { ...contract, checks: [watched] } : contract,
  );
  const points = [90, 100, 110].map((rows, run) => ({ runId: `r${run}`, numbers: [rows] }));
  const history = points.reduce<History | undefined>(
    (known, point) => withPoint(watched, historyKey(LINES, watched, at), known, point),
    undefined,
  );
  if (history) await planner.ledger.recordHistory(history);
  await planDomain({ ...planner, contracts }, lease, at);
  const plan = (await planner.documents.read(PLAN)) as Plan;
  expect(plan.refine.find(({ table }) => table === LINES)?.checks).toEqual([
    {
      ...watched,
      learnt: { season: 'all runs', points: 3 },
      // The median is 100, and its distances 10, 0 and 10.
      expect: { operator: 'mustBeBetween', bounds: [41, 159], unit: 'rows' },
    },
  ]);
});

test('what is late is judged by what the last run knew, and this one notes how far bronze has come', async () => {
  const planner = await plannerOf({ 's3://b/commerce/orders': 4, 's3://s/commerce/order_lines': 3 });
  const lateness = { minutes: 24 * 60 };
  const contracts = planner.contracts.map((contract) =>
    tableId(contract) === LINES ? { ...contract, lateness } : contract,
  );
  planner.ledger.commit(ORDERS, { version: 4, rows: 9, lastEventTime: '2011-01-04T11:59:00.000Z' });
  const watermarks = { [ORDERS]: { time: '2011-01-03T10:00:00.000Z', knownAt: '2011-01-03T12:00:00.000Z' } };
  planner.ledger.commit(LINES, { version: 3, rows: 9, consumed: { [ORDERS]: 2 }, watermarks });
  await planDomain({ ...planner, contracts }, lease, at);
  const plan = (await planner.documents.read(PLAN)) as Plan;
  expect(plan.refine.find(({ table }) => table === LINES)).toMatchObject({
    source: { lastEventTime: '2011-01-04T11:59:00.000Z' },
    late: { before: '2011-01-02T10:00:00.000Z', arrivedFrom: '2011-01-03T12:00:00.000Z', horizon: '1 day' },
  });
});

test('a domain in which nothing has changed has no work, and no plan is written', async () => {
  const planner = await plannerOf({
    's3://b/commerce/orders': 4,
    's3://s/commerce/orders': 2,
    's3://s/commerce/order_lines': 3,
  });
  const consumed = { [ORDERS]: 4 };
  const silver = { [LINES]: 3, 'commerce.silver.orders': 2 };
  const built = { version: 1, rows: 1, contractVersion: '1.0.0' };
  const tables = { [CALENDAR]: built, [SALES]: built, [PERFORMANCE]: { ...built, contractVersion: '2.0.0' } };
  await planner.ledger.recordTables(
    lease,
    new Map(Object.entries(silver).map(([id, version]) => [id, { version, rows: 1, consumed }])),
  );
  await planner.ledger.recordSlot(lease, 'green', { inputs: silver, tables });
  await planner.ledger.recordPublished(lease, { slot: 'green', runId: 'r0', publishedAt: at, tables });
  expect(await planDomain(planner, lease, at)).toEqual({
    runId: 'r1',
    hasWork: false,
    needsRefine: false,
    needsModel: false,
    planUri: null,
  });
  expect(planner.documents.documents.size).toBe(0);
});

test('commits that changed no row, such as compaction, are no work', async () => {
  const planner = await plannerOf({ 's3://b/commerce/orders': 6 }, { 's3://b/commerce/orders': 4 });
  const consumed = { [ORDERS]: 4 };
  const state = { version: 2, rows: 1, consumed };
  await planner.ledger.recordTables(lease, new Map([LINES, 'commerce.silver.orders'].map((id) => [id, state])));
  expect(await planDomain(planner, lease, at)).toMatchObject({ needsRefine: false });
});

test('a long log is listed from the version that the ledger knows', async () => {
  const planner = await plannerOf({ 's3://b/commerce/orders': 904 });
  planner.ledger.commit(ORDERS, { version: 900, rows: 1 });
  await planDomain(planner, lease, at);
  expect(planner.versions.asked).toContainEqual(['s3://b/commerce/orders', 900]);
});

test('a run that does not hold the domain plans nothing: two at once would write the same tables', async () => {
  const planner = await plannerOf({ 's3://b/commerce/orders': 4 });
  await expect(planDomain(planner, { ...lease, runId: 'r2' }, at)).rejects.toThrow(LostLeaseError);
  expect(planner.documents.documents.size).toBe(0);
});
