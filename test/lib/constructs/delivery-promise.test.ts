import { readsInOrder } from '../../../lib/constructs/delivery-promise.ts';
import type { Contract, Ingest } from '../../../lib/contract/contract.ts';
import { type Environment, environments } from '../../../lib/environments.ts';
import { shopContracts } from '../stacks/shop-contracts.ts';

const [orders] = shopContracts as readonly [Contract];
const withIngest = (more: Partial<Ingest>): Contract => ({
  ...orders,
  ingest: { from: 'stream', event: 'shop.orders.v1', key: 'order_id', ...more },
});
const reading = (parallelisation: number): Environment => ({
  ...environments.prod,
  stream: { mode: 'on-demand', parallelisation },
});

test('one reader a shard keeps the order, whatever the contracts promise', () => {
  expect(readsInOrder(reading(1), [withIngest({}), withIngest({ delivery: 'at-least-once' })])).toBe(true);
});

test.each([{}, { delivery: 'exactly-once' as const }])(
  'several readers a shard are refused where a contract promises exactly-once: %j',
  (more) => {
    expect(() => readsInOrder(reading(4), [withIngest({ delivery: 'at-least-once' }), withIngest(more)])).toThrow(
      "domains/shop/contracts/bronze/orders.odcs.yaml: ingest.delivery: found exactly-once, but environment 'prod' " +
        'reads each shard of the stream with parallelisation 4; allowed: 1; set stream.parallelisation to 1 in ' +
        'lib/environments.ts, or ingest.delivery to at-least-once in the contract',
    );
  },
);

test('several readers a shard are allowed where no contract of the stream promises more than at-least-once', () => {
  const contracts = [
    withIngest({ delivery: 'at-least-once' }),
    withIngest({ from: 'firehose' }),
    withIngest({ from: 'files' }),
  ];
  expect(readsInOrder(reading(4), contracts)).toBe(false);
});
