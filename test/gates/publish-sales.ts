import { evaluateGate } from '../../lambdas/evaluate-gate/evaluate-gate.ts';
import { publishTables } from '../../lambdas/publish-tables/publish-tables.ts';
import type { Published } from '../../lambdas/shared/ledger.ts';
import type { CheckResult, Plan, PlannedCheck, StepResults } from '../../lib/plan/plan.ts';
import { MemoryLedger } from '../lambdas/fakes/memory-ledger.ts';
import { MemoryDocuments, MemoryQueue } from '../lambdas/fakes/memory-stores.ts';
import { COLUMNS } from './sales.ts';

export const SALES = 'shop.gold.sales';
const target = { id: SALES, database: 'shop_gold_green', table: 'sales', uri: 's3://g/shop/green/sales' };

export const planOf = (checks: readonly PlannedCheck[], more: Partial<Plan> = {}): Plan => ({
  ...{ version: 1, runId: 'shop-2', domain: 'shop', createdAt: '2026-01-01T12:00:00Z', refine: [] },
  model: {
    ...{ slot: 'green', database: 'shop_gold_green', locationRoot: 's3://g/shop/green', inputs: [] },
    tables: [{ ...target, contractVersion: '1.0.0', columns: COLUMNS, checks, reads: [] }],
  },
  results: { refine: 's3://o/refine.json', model: 's3://o/model.json' },
  ...more,
});

export const resultsOf = (plan: Plan, checks: readonly CheckResult[]): StepResults => ({
  ...{ version: 1, runId: plan.runId, step: 'model', startedAt: plan.createdAt, endedAt: plan.createdAt },
  tables: [
    {
      ...{ table: SALES, uri: target.uri, contractVersion: '1.0.0', inputs: [], rowsIn: 1, rowsOut: 1, duplicates: 0 },
      ...{ quarantined: 0, quarantineUri: null, entries: 0, judgedAgain: 0, replayed: 0, deltaVersion: 1, rowCount: 1 },
      checks,
    },
  ],
});

const PUBLISHED: Published = {
  ...{ slot: 'blue', runId: 'shop-1', publishedAt: '2026-01-01T11:00:00Z' },
  tables: { [SALES]: { version: 7, rows: 100 } },
};

/** Takes results through the gate and, as the machine does, publishes unless it blocked: what readers see then. */
export async function seenAfter(plan: Plan, results: StepResults) {
  const [ledger, documents] = [new MemoryLedger(), new MemoryDocuments()];
  const lease = { domain: 'shop', runId: plan.runId };
  await ledger.claim({ ...lease, trigger: 'a test', at: plan.createdAt });
  await ledger.recordPublished(lease, PUBLISHED);
  await documents.write('s3://o/plan.json', plan);
  await documents.write(plan.results.model, results);
  const locations = ['s3://g/shop/blue/sales'];
  const catalogue = { locate: async (_: unknown, uri: string) => void locations.push(uri) };
  const { outcome } = await evaluateGate({ ledger, documents, queue: new MemoryQueue() }, 'model', 's3://o/plan.json');
  const publisher = { ledger, documents, catalogue, pointer: { set: async () => undefined }, goldBucket: 'g' };
  if (outcome !== 'blocked') await publishTables(publisher, 's3://o/plan.json', plan.createdAt);
  return { outcome, location: locations.at(-1), runId: (await ledger.published('shop'))?.runId };
}

export const OLD = { location: 's3://g/shop/blue/sales', runId: 'shop-1' };
export const newOf = ({ runId }: Plan) => ({ location: target.uri, runId });
