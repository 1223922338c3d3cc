import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { tableId } from '../../../lib/contract/contract.ts';
import { loadContracts } from '../../../lib/contract/load-contracts.ts';
import { digestOf } from '../../../lib/source/event-digest.ts';
import { mapFile, mapLines, mapObject } from '../../../lib/source/map-rows.ts';
import { parseSourceMapping } from '../../../lib/source/parse-source-mapping.ts';
import type { FileRow } from '../../../lib/source/read-value.ts';
import type { CloudEvent } from '../../../lib/source/source-mapping.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const FILE = 'domains/commerce/sources/shop.yaml';
const KEY = 'a key of event ids, of sufficient length';
const shop = {
  ...parseSourceMapping(FILE, readFileSync(path.join(root, FILE), 'utf8')),
  digest: digestOf(KEY),
};

const ROW = {
  InvoiceNo: '536365',
  StockCode: '85123A',
  Description: 'WHITE HANGING HEART T-LIGHT HOLDER',
  Quantity: '6',
  InvoiceDate: '2010-12-01 08:26:00',
  UnitPrice: '2.55',
  CustomerID: '17850.0',
  Country: 'United Kingdom',
};

async function* stream<T>(values: readonly T[]): AsyncIterable<T> {
  yield* values;
}

async function eventsOf(...rows: FileRow[]): Promise<CloudEvent[]> {
  const events: CloudEvent[] = [];
  for await (const event of mapFile(shop, stream(rows), '2010-12-01.csv')) events.push(event);
  return events;
}

test('an invoice becomes one event, with a line for each row in the order of the file', async () => {
  const [event, ...others] = await eventsOf(ROW, { ...ROW, StockCode: '71053', UnitPrice: '3.39' });
  expect(others).toEqual([]);
  expect(event).toEqual({
    specversion: '1.0',
    id: expect.stringMatching(/^536365-[0-9a-f]{12}$/),
    source: '/commerce/shop',
    type: 'commerce.orders.v1',
    time: '2010-12-01T08:26:00Z',
    datacontenttype: 'application/json',
    data: {
      order_id: '536365',
      customer_id: '17850',
      ordered_at: '2010-12-01T08:26:00Z',
      country: 'United Kingdom',
      currency: 'GBP',
      is_cancellation: false,
      lines: [
        { line_no: 1, product_id: '85123A', description: ROW.Description, quantity: 6, unit_price: '2.55' },
        { line_no: 2, product_id: '71053', description: ROW.Description, quantity: 6, unit_price: '3.39' },
      ],
    },
  });
});

test('rows of an invoice need not stand together', async () => {
  const events = await eventsOf(ROW, { ...ROW, InvoiceNo: '536366' }, { ...ROW, StockCode: 'POST' });
  expect(events.map(({ data }) => [data.order_id, (data.lines as unknown[]).length])).toEqual([
    ['536365', 2],
    ['536366', 1],
  ]);
});

test('an invoice that begins with C is a cancellation, and its quantities are negative', async () => {
  const [event] = await eventsOf({ ...ROW, InvoiceNo: 'C536379', Quantity: '-1' });
  expect(event?.data).toMatchObject({ order_id: 'C536379', is_cancellation: true, lines: [{ quantity: -1 }] });
});

test('what the file leaves empty is null', async () => {
  const [event] = await eventsOf({ ...ROW, CustomerID: '', Description: '' });
  expect(event?.data).toMatchObject({ customer_id: null, lines: [{ description: null }] });
});

test.each([
  ['Quantity', 'six', { lines: [{ quantity: 'six' }] }],
  ['Quantity', '1.5', { lines: [{ quantity: '1.5' }] }],
  ['Quantity', '9007199254740993', { lines: [{ quantity: '9007199254740993' }] }],
  ['UnitPrice', 'free', { lines: [{ unit_price: 'free' }] }],
  ['InvoiceDate', 'yesterday', { ordered_at: 'yesterday' }],
])('a %s of "%s" is sent as it is, for the gate to quarantine', async (column, value, data) => {
  const [event] = await eventsOf({ ...ROW, [column]: value });
  expect(event?.data).toMatchObject(data);
});

test('rows without an invoice are events of their own, and do not drag others into quarantine', async () => {
  const events = await eventsOf({ ...ROW, InvoiceNo: '' }, { ...ROW, InvoiceNo: '', Quantity: '7' }, ROW);
  expect(events.map(({ data }) => data.order_id)).toEqual([null, null, '536365']);
  expect(events[0]?.id).toMatch(/^unknown-/);
  expect(events[0]?.id).not.toBe(events[1]?.id);
});

test('the same file gives the same events, and changed data another id', async () => {
  const [first] = await eventsOf(ROW);
  expect(await eventsOf(ROW)).toEqual([first]);
  const [changed] = await eventsOf({ ...ROW, Quantity: '7' });
  expect(changed?.id).not.toBe(first?.id);
});

test('an id ends in an HMAC of the data, and nobody without the key can make it of them', async () => {
  const [event] = await eventsOf(ROW);
  const sorted = JSON.stringify(event?.data, (_, value) =>
    value && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value,
  );
  const plain = createHash('sha256').update(sorted).digest('hex');
  const hmac = createHmac('sha256', KEY).update(sorted).digest('hex');
  expect(event?.id).toBe(`536365-${hmac.slice(0, 12)}`);
  expect(event?.id).not.toContain(plain.slice(0, 12));
  const idOf = (mapping: typeof shop) => (mapObject(mapping, event?.data ?? {}) as CloudEvent).id;
  expect(idOf({ ...shop, digest: digestOf(`${KEY}!`) })).not.toBe(event?.id);
  expect(() => digestOf('short')).toThrow('the key of event ids has 5 characters; allowed are 32 or more');
});

test('a row has one id however its members are ordered, and another one when any of them changes, masked or not', () => {
  const row = fc.record({
    order_id: fc.constant('7'),
    customer_id: fc.string(),
    country: fc.string(),
    n: fc.integer(),
  });
  const idOf = (data: object) => (mapObject(shop, { ...data }) as CloudEvent).id;
  fc.assert(
    fc.property(row, fc.constantFrom('customer_id', 'country'), fc.string({ minLength: 1 }), (data, name, more) => {
      expect(idOf(Object.fromEntries(Object.entries(data).reverse()))).toBe(idOf(data));
      expect(idOf({ ...data, [name]: `${data[name as 'country']}${more}` })).not.toBe(idOf(data));
    }),
  );
});

test('a file of another kind is refused as a whole', async () => {
  await expect(eventsOf({ date: '2010-12-01', rate: '0.63' })).rejects.toThrow(
    '2010-12-01.csv: no column InvoiceNo, CustomerID, InvoiceDate, Country, StockCode, Description, Quantity, UnitPrice; found: date, rate; check that the file is of this source',
  );
});

test('an empty file has no events', async () => {
  expect(await eventsOf()).toEqual([]);
});

test('the mapping sends exactly the columns of its contract', async () => {
  const [event] = await eventsOf(ROW);
  const orders = loadContracts(root).find((contract) => tableId(contract) === 'commerce.bronze.orders')!;
  expect(Object.keys(event?.data ?? {}).sort()).toEqual(orders.columns.map(({ name }) => name).sort());
  const lines = orders.columns.find(({ name }) => name === 'lines')?.items?.fields ?? [];
  const [line] = (event?.data.lines ?? []) as Record<string, unknown>[];
  expect(Object.keys(line ?? {}).sort()).toEqual(lines.map(({ name }) => name).sort());
  expect(orders.ingest?.event).toBe(shop.event);
});

async function mapped(...lines: string[]): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const event of mapLines(shop, stream(lines))) found.push(event);
  return found;
}

test('a line of JSON is the data of an event, with the id that the same data has from a CSV', async () => {
  const [fromCsv] = await eventsOf(ROW);
  const reordered = Object.fromEntries(Object.entries(fromCsv?.data ?? {}).reverse());
  expect(await mapped(JSON.stringify(reordered))).toEqual([fromCsv]);
});

test('a line that is a CloudEvent goes on as it is', async () => {
  const event = { specversion: '1.0', id: 'x', type: 'commerce.orders.v1', source: '/elsewhere', data: {} };
  expect(await mapped(JSON.stringify(event))).toEqual([event]);
});

test('a line that is no JSON object goes on as its text, so that it is found in quarantine', async () => {
  expect(await mapped('{broken', '', '[1, 2]', '7')).toEqual(['{broken', '[1, 2]', '7']);
});
