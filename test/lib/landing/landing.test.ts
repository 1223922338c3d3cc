import { createHash } from 'node:crypto';
import fc from 'fast-check';
import type { Judgement } from '../../../lib/landing/place.ts';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import {
  data,
  event,
  gate,
  land,
  line,
  ORDERS,
  QUARANTINE,
  quarantined,
  recordOf,
  rowsIn,
  SECRET,
  SHARD,
} from './orders.ts';
import { rowsOf } from './rows-of.ts';

const NO_SUCH = { ...event, type: 'commerce.returns.v1' };

test('an event becomes a row of its table, with where it came from', () => {
  const [landed] = land([recordOf(event, '49590338271490256608559692538361571095921575989136588898')]);
  expect(landed).toMatchObject({ table: ORDERS, contractVersion: '1.0.0' });
  expect(landed && rowsOf(landed)).toEqual([
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
  const [row] = rowsIn(land([recordOf({ ...event, data: { ...data, customer_id: null } })]), ORDERS);
  expect(row?.customer_id).toBeNull();
});

test('good and bad events of one record part: the good ones land', () => {
  const tables = land([recordOf([event, NO_SUCH, { ...event, id: 'e3' }])]);
  expect(rowsIn(tables, ORDERS).map(({ _event_id }) => _event_id)).toEqual(['e1', 'e3']);
  expect(rowsIn(tables, QUARANTINE).map(({ event_id }) => event_id)).toEqual(['e1']);
});

test('a record that is not JSON is quarantined with its text sealed, its reason and place', () => {
  const row = quarantined('two apples');
  expect(row).toMatchObject({
    status: 'open',
    domain: 'commerce',
    table: null,
    gate: 'G0',
    reasons: ['the record is not JSON; send one CloudEvent or a JSON array of them'],
    rules: ['g0.encoding'],
    contract_version: null,
    event_id: null,
    payload: null,
    sealed: `${'100'.padStart(64, '0')}.000000 two apples`,
    attempts: 1,
    first_seen: 1291192000123000n,
    changed_at: 1291192000123000n,
    _shard: SHARD,
    _sequence: `${'100'.padStart(64, '0')}.000000`,
  });
  const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
  expect(row.quarantine_id).toBe(sha256(`${SHARD}:${row._sequence}`));
  expect(row.entry_id).toBe(sha256(`${row.quarantine_id}:1:open`));
});

test('an event that is judged again says how often and when, and is a new entry under its own name', () => {
  const arrivedAt = 1_291_192_000_123_000n;
  const place = { shard: SHARD, sequence: '100', index: 0, arrivedAt };
  const judge = (event: unknown, again?: Judgement) => {
    const landed = gate.takeEvent(event, { ...place, ...(again && { again }) });
    return { landed, row: gate.drain().flatMap(rowsOf)[0] ?? {} };
  };
  const [first, second] = [judge(NO_SUCH).row, judge(NO_SUCH, { attempt: 2, at: 9n }).row];
  expect(second).toMatchObject({
    quarantine_id: first.quarantine_id,
    attempts: 2,
    first_seen: arrivedAt,
    changed_at: 9n,
  });
  expect(second.entry_id).not.toBe(first.entry_id);
  expect(judge(event, { attempt: 3, at: 9n })).toEqual({ landed: true, row: judge(event).row });
});

test('an event without a contract tells which there are, and is sealed only: nothing says what to mask', () => {
  expect(quarantined(NO_SUCH)).toMatchObject({
    payload: null,
    sealed: expect.stringContaining(JSON.stringify(NO_SUCH)),
    reasons: [
      expect.stringMatching(/^no contract takes events of type 'commerce.returns.v1'; allowed are .*orders.v1/),
    ],
    event_id: 'e1',
    source: '/commerce/shop',
  });
});

test('a misfit is quarantined under its contract with every reason, and each rule once', () => {
  const row = quarantined({ ...event, data: { ...data, country: undefined, lines: [{ ...line, unit_price: 2.55 }] } });
  expect(row).toMatchObject({ table: ORDERS, contract_version: '1.0.0', rules: ['g0.required', 'g0.type'] });
  expect(row.reasons).toHaveLength(2);
});

test('a misfit is kept masked, and sealed as it came', () => {
  const row = quarantined({ ...event, data: { ...data, quantity: 'many' } });
  expect(row.payload).not.toContain('17850');
  expect(row.sealed).toContain('"customer_id":"17850"');
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
    sealed: expect.stringContaining(JSON.stringify(broken)),
  });
});

test('a broken envelope whose type a table takes is of that table, and masked by its contract', () => {
  const row = quarantined({ ...event, id: '' });
  expect(row).toMatchObject({ table: ORDERS, contract_version: '1.0.0', event_id: null });
  expect(row.payload).toContain('"quantity":6');
  expect(row.payload).not.toContain('17850');
  expect(quarantined({ ...event, id: '', data: undefined })).toMatchObject({ table: ORDERS });
});

test.each([7, { ...event, id: '', type: 'commerce.wishes.v1' }, { ...event, type: [event.type] }])(
  'a broken envelope whose type no table takes is of none, and nothing says what to mask of it',
  (broken) => {
    expect(quarantined(broken)).toMatchObject({ table: null, contract_version: null, payload: null });
  },
);

test.each([
  ['1900-01-01T00:00:00Z', true],
  ['1899-12-31T23:59:59.999999Z', false],
  ['2010-12-02T08:26:40.123Z', true],
  ['2010-12-02T08:26:40.123001Z', false],
  ['9999-12-31T23:59:59Z', false],
])('an event of %s that arrived at 2010-12-01T08:26:40.123Z lands: %s', (time, lands) => {
  const tables = land([recordOf({ ...event, time })]);
  expect(rowsIn(tables, ORDERS)).toHaveLength(lands ? 1 : 0);
  expect(rowsIn(tables, QUARANTINE).map(({ rules, table }) => [rules, table])).toEqual(
    lands ? [] : [[['g0.time'], ORDERS]],
  );
});

test.each([
  ['at the top', JSON.stringify(event).replace('"id":"e1"', '"id":"e0","id":"e1"'), "key 'id' occurs twice"],
  ['with an escape', JSON.stringify(event).replace('"id":"e1"', '"id":"e0","\\u0069d":"e1"'), "key 'id' occurs twice"],
  ['in the data', JSON.stringify(event).replace('"country":', '"country":"Chad","country":'), "key 'country' occurs"],
  ['deep down', JSON.stringify(event).replace('"quantity":6', '"quantity":6,"quantity":5'), "key 'quantity' occurs"],
  ['not of the contract', JSON.stringify({ ...event, x: 1 }).replace('"x":1', '"x":1,"x":1'), "key 'x' occurs twice"],
])('a key that occurs twice %s is refused, though a parser would drop one unseen', (_where, text, reason) => {
  const row = quarantined(text);
  expect(row.reasons).toEqual([expect.stringContaining(reason)]);
  expect(row.sealed).toContain(text);
});

test.each([
  '6.00000000000000000001',
  '6e-400',
  '9007199254740993',
  '1e400',
  '-1e400',
  'NaN',
  'Infinity',
  '06',
  '+6',
  '6.',
])('a quantity of %s is refused: nothing is rounded', (number) => {
  expect(quarantined(JSON.stringify(event).replace('"quantity":6', `"quantity":${number}`)).reasons).not.toEqual([]);
});

test.each(['6', '6.0', '6e0', '0.6e1', '60e-1'])('a quantity of %s is six', (number) => {
  const [row] = rowsIn(land([recordOf(JSON.stringify(event).replace('"quantity":6', `"quantity":${number}`))]), ORDERS);
  expect(row?.lines).toEqual([expect.objectContaining({ quantity: 6 })]);
});

test('keys that every object has are data like any other, and change no object', () => {
  const text = JSON.stringify(event).replace(
    '"data":{',
    '"__proto__":{"polluted":1},"data":{"__proto__":{"polluted":1},',
  );
  expect(quarantined(text).reasons).toEqual([
    "undeclared column '__proto__'; declare it in the contract or leave it out",
  ]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
});

test('events with the same id all land: which of them counts is decided in silver', () => {
  const tables = land([recordOf([event, event]), recordOf(event, '101')]);
  expect(rowsIn(tables, ORDERS).map(({ _sequence }) => String(_sequence).slice(-10))).toEqual([
    '100.000000',
    '100.000001',
    '101.000000',
  ]);
});

test('two refused events of one record are two rows of the quarantine, and a retry gives the same ids', () => {
  const ids = () => rowsIn(land([recordOf([NO_SUCH, NO_SUCH])]), QUARANTINE).map(({ quarantine_id }) => quarantine_id);
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
      const rows = tables.reduce((sum, { count }) => sum + count, 0);
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
        expect(rowsIn(parts, table)).toEqual(rowsIn(land(records), table));
      }
    }),
  );
});
