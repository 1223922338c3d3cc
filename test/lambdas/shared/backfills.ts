import type { Backfill } from '../../../lambdas/shared/backfill-ledger.ts';

/** Two days of a table, just started. */
export const backfillOf = (id: string, more: Partial<Backfill> = {}): Backfill => ({
  ...{ type: 'backfill', v: 1, id, domain: 'shop', kind: 'backfill', status: 'running', attempt: 1, concurrency: 1 },
  ...{ table: 'shop.silver.orders', source: 'shop.bronze.orders', reason: 'a wrong price list', by: 'ada' },
  ...{ from: '2011-01-01T00:00:00.000Z', to: '2011-01-03T00:00:00.000Z' },
  intervals: [
    { index: 0, from: '2011-01-01T00:00:00.000Z', to: '2011-01-02T00:00:00.000Z' },
    { index: 1, from: '2011-01-02T00:00:00.000Z', to: '2011-01-03T00:00:00.000Z' },
  ],
  planUri: `s3://ops/backfills/shop/${id}/plan.json`,
  createdAt: '2011-01-05T10:00:00.000Z',
  ...more,
});
