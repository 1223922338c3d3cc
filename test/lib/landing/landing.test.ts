import fc from 'fast-check';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import { data, event, land, line, ORDERS, QUARANTINE, quarantined, recordOf, rowsOf, SECRET, SHARD } from './orders.ts';

const NO_SUCH = { ...event, type: 'commerce.returns.v1' };

test('an event becomes a row of its table, with where it came from', () => {
  const [landed] = land([recordOf(event, '49590338271490256608559692538361571095921575989136588898')]);
  expect(landed).toMatchObject({ table: ORDERS, contractVersion: '1.0.0' });
  expect(landed?.rows).toEqual([
    {
      ...data,
      customer_id: tokeniserOf(SECRET)('17850'),
      ordered_at: 1291191960000000n,
      lines: [{ ...line, unit_price: 25500n }],
      _event_id: 'e1',
      _event_time: 1291191960000000n,
      _ingested_at: 1291192000123000n,
      _source: '/commerce/shop',
      _shard: SHARD,
      _producer: '/commerce/shop',
      _producer_seq: null,
      _sequence: '0000000049590338271490256608559692538361571095921575989136588898.000000',
      _contract_version: '1.0.0',
      _ingest_date: 14944,
    },
  ]);
});

test('a guest has no token', () => {
  const [row] = rowsOf(land([recordOf({ ...event, data: { ...data, customer_id: null } })]), ORDERS);
  expect(row?.customer_id).toBeNull();
});

test('good and bad events of one record part: the good ones land', () => {
  const tables = land([recordOf([event, NO_SUCH, { ...event, id: 'e3' }])]);
  expect(rowsOf(tables, ORDERS).map(({ _event_id }) => _event_id)).toEqual(['e1', 'e3']);
  expect(rowsOf(tables, QUARANTINE).map(({ event_id }) => event_id)).toEqual(['e1']);
});

test('a record that is not JSON is quarantined with its text, reason and place', () => {
  expect(quarantined('two apples')).toMatchObject({
    domain: 'commerce',
    table: null,
    gate: 'G0',
    reasons: ['the record is not JSON; send one CloudEvent or a JSON array of them'],
    rules: ['g0.encoding'],
    contract_version: null,
    event_id: null,
    payload: 'two apples',
    attempts: 1,
    first_seen: 1291192000123000n,
    _shard: SHARD,
    _sequence: `${'100'.padStart(64, '0')}.000000`,
  });
});

test('an event without a contract tells which there are', () => {
  expect(quarantined(NO_SUCH)).toMatchObject({
    reasons: ["no contract takes events of type 'commerce.returns.v1'; allowed are commerce.orders.v1"],
    event_id: 'e1',
    source: '/commerce/shop',
  });
});

test('a misfit is quarantined under its contract with every reason, and each rule once', () => {
  const row = quarantined({ ...event, data: { ...data, country: undefined, lines: [{ ...line, unit_price: 2.55 }] } });
  expect(row).toMatchObject({ table: ORDERS, contract_version: '1.0.0', rules: ['g0.required', 'g0.type'] });
  expect(row.reasons).toHaveLength(2);
});

test('a quarantined payload is masked, even where the masked value is of the wrong type', () => {
  const token = tokeniserOf(SECRET);
  const misfit = (customer_id: unknown) =>
    JSON.parse(String(quarantined({ ...event, data: { ...data, order_id: 7, customer_id } }).payload)).data;
  expect(misfit('17850').customer_id).toBe(token('17850'));
  expect(misfit(17850).customer_id).toBe(token('17850'));
  expect(misfit(null).customer_id).toBeNull();
});

test.each([
  ['no object', 7, 'event'],
  ['an old version', { ...event, specversion: '0.3' }, 'specversion'],
  ['no id', { ...event, id: '' }, 'id'],
  ['no source', { ...event, source: undefined }, 'source'],
  ['a type that is no text', { ...event, type: 7 }, 'type'],
  ['no time', { ...event, time: undefined }, 'time'],
  ['a producer without name', { ...event, producerid: '' }, 'producerid'],
  ['a number that counts nothing', { ...event, producerseq: -1 }, 'producerseq'],
  ['a time without zone', { ...event, time: '2010-12-01T08:26:00' }, 'time'],
])('an envelope with %s is quarantined', (_name, broken, attribute) => {
  expect(quarantined(broken)).toMatchObject({
    rules: ['g0.envelope'],
    reasons: [expect.stringContaining(`CloudEvent attribute '${attribute}': found`)],
    payload: JSON.stringify(broken),
  });
});

test('two refused events of one record are two rows of the quarantine, and a retry gives the same ids', () => {
  const ids = () => rowsOf(land([recordOf([NO_SUCH, NO_SUCH])]), QUARANTINE).map(({ quarantine_id }) => quarantine_id);
  expect(new Set(ids()).size).toBe(2);
  expect(ids()).toEqual(ids());
});

const anyEvent = fc.oneof(
  fc.constant(event),
  fc.jsonValue(),
  fc.record({
    ...Object.fromEntries(Object.entries(event).map(([key, value]) => [key, fc.constant(value)])),
    data: fc.jsonValue(),
  }),
);
const anyRecord = fc.oneof(
  fc.string(),
  anyEvent.map((found) => JSON.stringify(found)),
  fc.array(anyEvent).map((found) => JSON.stringify(found)),
);

test('whatever a record holds, each of its events lands or is quarantined', () => {
  fc.assert(
    fc.property(anyRecord, (text) => {
      const tables = land([recordOf(text)]);
      const rows = tables.flatMap((table) => table.rows).length;
      expect(rows).toBe(eventsIn(text));
    }),
    { numRuns: 500 },
  );
});

function eventsIn(text: string): number {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? Math.max(found.length, 1) : 1;
  } catch {
    return 1;
  }
}

test('how a stream cuts records into batches changes no row', () => {
  fc.assert(
    fc.property(fc.array(anyRecord, { maxLength: 12 }), fc.nat(12), (texts, cut) => {
      const records = texts.map((text, i) => recordOf(text, String(1000 + i)));
      const parts = [...land(records.slice(0, cut)), ...land(records.slice(cut))];
      for (const table of [ORDERS, QUARANTINE]) {
        const ofTable = parts.filter((part) => part.table === table).flatMap(({ rows }) => rows);
        expect(ofTable).toEqual(rowsOf(land(records), table));
      }
    }),
  );
});
