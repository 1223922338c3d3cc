import path from 'node:path';
import { type Contract, tableId } from '../../../lib/contract/contract.ts';
import { loadContracts } from '../../../lib/contract/load-contracts.ts';
import { compileLanding, type LandedTable, type StreamRecord } from '../../../lib/landing/landing.ts';
import { sequenceText } from '../../../lib/landing/place.ts';
import type { Row } from '../../../lib/landing/row.ts';
import type { Sealer } from '../../../lib/landing/seal.ts';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import { rowsOf } from './rows-of.ts';

export const ORDERS = 'commerce.bronze.orders';
export const QUARANTINE = 'commerce.ops.quarantine';
export const SHARD = 'shardId-000000000000';
export const SECRET = 'a secret of the tests, of sufficient length';

export const contracts = loadContracts(path.resolve(import.meta.dirname, '../../..'));
/** What takes the events below. */
export const orders = contracts.find((contract) => tableId(contract) === ORDERS) as Contract;
/** Says what would be sealed, and at which place. */
export const openSealer: Sealer = { seal: (text, place) => `${sequenceText(place)} ${text}` };
export const gate = compileLanding('commerce', contracts, tokeniserOf(SECRET), openSealer);

export function land(records: readonly StreamRecord[]): LandedTable[] {
  for (const record of records) gate.takeRecord(record);
  return gate.drain();
}

export const line = { line_no: 1, product_id: '85123A', description: 'HOLDER', quantity: 6, unit_price: '2.55' };
export const data = {
  order_id: '536365',
  customer_id: '17850',
  ordered_at: '2010-12-01T08:26:00Z',
  country: 'United Kingdom',
  currency: 'GBP',
  is_cancellation: false,
  lines: [line],
};
export const event = {
  specversion: '1.0',
  id: 'e1',
  source: '/commerce/shop',
  type: 'commerce.orders.v1',
  time: '2010-12-01T08:26:00Z',
  datacontenttype: 'application/json',
  data,
};

/** A record as the stream delivers it, with this text or this as JSON. */
export const recordOf = (content: unknown, sequence = '100'): StreamRecord => ({
  shard: SHARD,
  sequence,
  data: Buffer.from(typeof content === 'string' ? content : JSON.stringify(content)).toString('base64'),
  arrivedAt: 1_291_192_000_123_000n,
});

/** The rows that landed in a table. */
export const rowsIn = (tables: readonly LandedTable[], table: string): Row[] =>
  tables.filter((landed) => landed.table === table).flatMap(rowsOf);

/** The quarantined row of a record that holds one event. */
export const quarantined = (content: unknown) => {
  const tables = land([recordOf(content)]);
  const [row] = rowsIn(tables, QUARANTINE);
  if (!row || rowsIn(tables, ORDERS).length > 0) throw new Error('the event landed');
  return row;
};
