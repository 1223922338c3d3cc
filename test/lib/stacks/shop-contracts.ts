import type { Column, Contract, Layer } from '../../../lib/contract/contract.ts';
import { column } from '../../fixtures/column.ts';

const contract = (layer: Layer, table: string, columns: readonly Column[]): Contract => ({
  id: `shop-${layer}-${table}`,
  version: '1.0.0',
  domain: 'shop',
  layer,
  table,
  description: `${table} of the shop`,
  granularity: 'one row per order',
  columns,
  checks: [],
  relationships: [],
  slas: {},
  roles: [],
  owner: 'owner@example.com',
  support: [],
  inputs: [],
  write: { mode: 'append', keys: ['order_id'] },
  file: `domains/shop/contracts/${layer}/${table}.odcs.yaml`,
});

/** Not a copy of a shipped domain: a new table must not change what the stacks are tested with. */
export const shopContracts: readonly Contract[] = [
  contract('bronze', 'orders', [
    column('order_id'),
    column('customer_id', {
      classification: 'confidential',
      pii: 'direct',
      masking: { method: 'tokenise', from: 'bronze' },
    }),
    column('lines', {
      type: 'array',
      items: {
        type: 'struct',
        fields: [column('line_no', { type: 'int' }), column('price', { type: 'decimal(18,4)' })],
      },
    }),
  ]),
  contract('silver', 'orders', [
    column('order_id', { description: 'Number of the order' }),
    column('customer_id', { classification: 'confidential' }),
    column('birth_date', { type: 'date', classification: 'confidential', pii: 'direct' }),
    column('total', { type: 'long' }),
  ]),
  contract('gold', 'sales', [
    column('day', { type: 'date', classification: 'public' }),
    column('margin', { type: 'decimal(18,2)', classification: 'restricted' }),
    column('customer_id', { classification: 'confidential' }),
  ]),
  {
    ...contract('bronze', 'views', [column('view_id')]),
    ingest: { from: 'firehose', event: 'shop.views.v1', key: 'view_id' },
  },
  {
    ...contract('bronze', 'stock', [column('order_id'), column('units', { type: 'int' })]),
    ingest: { from: 'files', event: 'shop.stock.v1', key: 'order_id' },
  },
];
