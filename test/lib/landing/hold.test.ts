import { inspect } from 'node:util';
import type { Column, Contract } from '../../../lib/contract/contract.ts';
import { compileLanding } from '../../../lib/landing/landing.ts';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import {
  contracts,
  data,
  event,
  land,
  line,
  ORDERS,
  openSealer,
  QUARANTINE,
  recordOf,
  rowsIn,
  SECRET,
  SHARD,
} from './orders.ts';

const mail = (i: number) => `buyer${i}@example.com`;
const order = (i: number, description = 'HOLDER', more: object = {}) => ({
  ...event,
  id: `e${i}`,
  data: { ...data, order_id: `53636${i}`, lines: [line, { ...line, line_no: 2, description }], ...more },
});
const view = {
  ...event,
  id: 'v1',
  type: 'commerce.page_views.v1',
  data: { view_id: 'v1', visitor_id: mail(1), viewed_at: event.time, path: '/' },
};
const five = [order(0), ...[1, 2, 3, 4].map((i) => order(i, `for ${mail(i)}`))];

/** The orders' contract in which somebody says more of the lines' description. */
const declaring = (more: Partial<Column>): Contract[] => {
  const columns = (found: readonly Column[]): Column[] =>
    found.map((column) => {
      if (column.name === 'description') return { ...column, ...more };
      return column.items?.fields
        ? { ...column, items: { ...column.items, fields: columns(column.items.fields) } }
        : column;
    });
  return contracts.map((contract) => ({ ...contract, columns: columns(contract.columns) }));
};
const gateOf = (known: readonly Contract[]) => compileLanding('commerce', known, tokeniserOf(SECRET), openSealer);

test('a batch of which a column proves personal data is held as a whole, sealed, and its owner is named', () => {
  const tables = land([recordOf(five)]);
  expect(rowsIn(tables, ORDERS)).toEqual([]);
  const entries = rowsIn(tables, QUARANTINE);
  expect(entries.map(({ event_id }) => event_id)).toEqual(['e0', 'e1', 'e2', 'e3', 'e4']);
  for (const entry of entries)
    expect(entry).toMatchObject({
      table: ORDERS,
      rules: ['g0.pii'],
      payload: null,
      reasons: [
        "column 'lines[].description' seems to hold an e-mail address (4 of 10 values looked at); declare it in the contract as pii with a masking, or masking none with approvedBy and reason",
      ],
    });
  expect(entries[1]?.sealed).toContain(mail(1));
  expect(tables.flatMap(({ holds = [] }) => holds)).toEqual([
    {
      table: ORDERS,
      owner: 'data-owner@example.com',
      support: contracts.find(({ table, layer }) => table === 'orders' && layer === 'bronze')?.support,
      events: 5,
      suspects: [{ column: 'lines[].description', kind: 'email', isProven: true, hits: 4, values: 10 }],
    },
  ]);
});

test('what is held shows its values nowhere but under the seal', () => {
  const tables = land([recordOf([...five, order(9, mail(9), { country: 7 })])]);
  for (const { sealed: _sealed, ...entry } of rowsIn(tables, QUARANTINE)) expect(inspect(entry)).not.toContain('buyer');
  expect(rowsIn(tables, QUARANTINE).at(-1)?.rules).toEqual(['g0.type', 'g0.pii']);
});

test('other tables of the batch land, and so does the next batch', () => {
  const tables = land([recordOf([...five, view])]);
  expect(rowsIn(tables, 'commerce.bronze.page_views')).toHaveLength(1);
  expect(rowsIn(tables, ORDERS)).toHaveLength(0);
  const next = land([recordOf([order(5)], '101')]);
  expect(rowsIn(next, ORDERS)).toHaveLength(1);
  expect(rowsIn(next, QUARANTINE)).toHaveLength(0);
});

test('a batch that comes again is held again, as the same entries', () => {
  const records = five.map((each, i) => recordOf([each], String(200 + i)));
  const idsOf = () => rowsIn(land(records), QUARANTINE).map(({ entry_id }) => entry_id);
  expect(idsOf()).toEqual(idsOf());
  expect(new Set(idsOf()).size).toBe(5);
});

test('a stray value among many holds nothing, three of a hundred do', () => {
  const orders = (hits: number) => Array.from({ length: 60 }, (_, i) => order(i, i < hits ? mail(i) : 'LAMP'));
  expect(rowsIn(land([recordOf(orders(2))]), ORDERS)).toHaveLength(60);
  expect(rowsIn(land([recordOf(orders(3))]), ORDERS)).toHaveLength(0);
});

test('of a large batch a sample is looked at, which tells a column that holds one in ten', () => {
  const note = (i: number) => `${'some words '.repeat(20)}${i % 10 === 0 ? mail(i) : 'and no more'}`;
  const orders = Array.from({ length: 2000 }, (_, i) => order(i, note(i)));
  const records = Array.from({ length: 20 }, (_, i) => recordOf(orders.slice(i * 100, (i + 1) * 100), String(300 + i)));
  const tables = land(records);
  expect(rowsIn(tables, QUARANTINE)).toHaveLength(2000);
  expect(tables.flatMap(({ holds = [] }) => holds)[0]?.suspects[0]?.values).toBeLessThan(400);
});

test.each([
  ['tokenised', { pii: 'direct', masking: { method: 'tokenise', from: 'bronze' } }],
  ['approved as it is', { exempt: true }],
] as const)('a column that the contract says is %s holds nothing', (_how, more) => {
  const gate = gateOf(declaring(more));
  gate.takeRecord(recordOf(five));
  expect(rowsIn(gate.drain(), ORDERS)).toHaveLength(5);
});

test('an event that is judged once more lands when its contract was mended, and not before, however little is in it', () => {
  const card = JSON.stringify(order(1, 'card 4111111111111111'));
  const place = (wasHeld: boolean) => ({
    shard: SHARD,
    sequence: '100',
    index: 0,
    arrivedAt: 1_291_192_000_123_000n,
    again: { attempt: 2, at: 1_291_193_000_000_000n, wasHeld },
  });
  expect(gateOf(contracts).takeText(card, place(true))).toBe(false);
  expect(gateOf(contracts).takeText(card, place(false))).toBe(true);
  expect(gateOf(contracts).takeText(JSON.stringify(order(1, mail(1))), place(false))).toBe(false);
  expect(
    gateOf(declaring({ pii: 'direct', masking: { method: 'tokenise', from: 'bronze' } })).takeText(card, place(true)),
  ).toBe(true);
});
