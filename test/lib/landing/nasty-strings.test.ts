import type { Contract } from '../../../lib/contract/contract.ts';
import { UNDECLARED } from '../../../lib/landing/conceal-undeclared.ts';
import { compileLanding, type LandedTable } from '../../../lib/landing/landing.ts';
import { tokeniserOf } from '../../../lib/landing/tokenise.ts';
import { LONE_SURROGATES, nastyStrings } from '../../fixtures/nasty-strings.ts';
import { column } from './every-type.ts';
import { event, openSealer, orders, recordOf, SECRET } from './orders.ts';
import { encode, readBack } from './read-back.ts';
import { rowsOf } from './rows-of.ts';

const TYPES = ['int', 'long', 'double', 'boolean', 'date', 'timestamp', 'decimal(18,4)'] as const;
const texts = column('texts', 'array', { items: { type: 'struct', fields: [column('text', 'string')] } });
const contract: Contract = {
  ...orders,
  table: 'things',
  columns: [column('text', 'string'), texts, ...TYPES.map((type) => column(type, type))],
};
const gate = compileLanding('commerce', [contract], tokeniserOf(SECRET), openSealer);
const strings = nastyStrings();

/** Takes events that each hold one of the strings, many to a record. */
function land(events: readonly unknown[]): LandedTable[] {
  for (let i = 0; i < events.length; i += 50) gate.takeRecord(recordOf(events.slice(i, i + 50), String(i)));
  return gate.drain();
}
const rowsIn = (tables: readonly LandedTable[], kind: 'bronze' | 'ops') =>
  tables.filter(({ table }) => table.includes(`.${kind}.`)).flatMap(rowsOf);

test('there are at least 500 of them, all different', () => {
  expect(new Set(strings).size).toBeGreaterThanOrEqual(500);
  expect(strings.every((text) => text.isWellFormed())).toBe(true);
});

test('as a value, each lands unchanged, and two engines read it back', () => {
  const tables = land(strings.map((text) => ({ ...event, data: { text, texts: [{ text }, { text: null }] } })));
  expect(rowsIn(tables, 'ops')).toEqual([]);
  const { pyarrow, duckdb } = readBack(encode(tables[0] as LandedTable));
  const sent = strings.map((text) => ({ text, texts: [{ text }, { text: null }] }));
  for (const read of [pyarrow, duckdb]) expect(read.map(({ text, texts }) => ({ text, texts }))).toEqual(sent);
});

test('in the envelope, each lands unchanged, but for an empty one', () => {
  const tables = land(strings.map((text) => ({ ...event, id: text, source: text, producerid: text, data: {} })));
  const said = strings.filter((text) => text !== '');
  expect(rowsIn(tables, 'bronze').map((row) => [row._event_id, row._source, row._producer])).toEqual(
    said.map((text) => [text, text, text]),
  );
  expect(rowsIn(tables, 'ops')).toHaveLength(1);
});

test('as a key, each is refused as undeclared, and the quarantine keeps it as it came', () => {
  const events = strings.map((text) => ({
    ...event,
    data: Object.fromEntries([
      ['text', 'a'],
      [`${text} `, 1],
    ]),
  }));
  const tables = land(events);
  expect(rowsIn(tables, 'bronze')).toEqual([]);
  const rows = rowsIn(tables, 'ops');
  expect(new Set(rows.flatMap(({ rules }) => rules))).toEqual(new Set(['g0.undeclared']));
  const { duckdb } = readBack(encode(tables[0] as LandedTable));
  const sealed = duckdb.map((row) => String(row.sealed).slice(String(row.sealed).indexOf('{')));
  expect(sealed.map((text) => JSON.parse(text).data)).toEqual(events.map(({ data }) => data));
  const shown = events.map(({ data }) => Object.keys(data).map((key) => [key, key === 'text' ? 'a' : UNDECLARED]));
  expect(duckdb.map(({ payload }) => Object.entries(JSON.parse(String(payload)).data))).toEqual(shown);
});

test('as an attribute of the producer’s own, each is let pass', () => {
  const events = strings.map((text) => ({ ...event, ...Object.fromEntries([[`x${text}`, text]]), data: {} }));
  expect(rowsIn(land(events), 'bronze')).toHaveLength(strings.length);
});

test('as an event type, each is one that no contract takes', () => {
  const rows = rowsIn(land(strings.map((text) => ({ ...event, type: `x${text}` }))), 'ops');
  expect(rows).toHaveLength(strings.length);
  expect(new Set(rows.flatMap(({ rules }) => rules))).toEqual(new Set(['g0.contract']));
});

test.each(TYPES)('as a %s, each is refused or is one, and no reason tells it', (type) => {
  const events = strings.map((text) => ({ ...event, data: { [type]: text } }));
  const tables = land(events);
  const refused = rowsIn(tables, 'ops');
  expect(rowsIn(tables, 'bronze').length + refused.length).toBe(strings.length);
  expect(refused.length).toBeGreaterThan(strings.length - 20);
  for (const { reasons } of refused)
    expect(reasons).toEqual([
      expect.stringMatching(/^column '[a-z0-9(),]+': found a string of \d+ characters; allowed/),
    ]);
});

test.each(LONE_SURROGATES.map((text) => [text]))('half a character is refused wherever it stands: %j', (text) => {
  const tables = land([
    { ...event, data: { text } },
    { ...event, id: text },
    { ...event, type: text },
    { ...event, data: { [text]: 1 } },
  ]);
  expect(rowsIn(tables, 'bronze')).toEqual([]);
  expect(rowsIn(tables, 'ops')).toHaveLength(4);
});

test('no string does anything to objects in general', () => {
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(Object.getOwnPropertyNames({})).toEqual([]);
});
