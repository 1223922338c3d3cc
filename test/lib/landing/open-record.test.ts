import { openRecord } from '../../../lib/landing/open-record.ts';
import { cpuMillis } from '../../fixtures/cpu-millis.ts';
import { event, land, ORDERS, QUARANTINE, quarantined, recordOf, rowsIn } from './orders.ts';

const open = (content: string | Buffer) => openRecord(Buffer.from(content).toString('base64'));
const reasonOf = (content: string) => quarantined(content).reasons;

test('a record holds one event or an array of them, with any space around', () => {
  const ids = (text: string) => rowsIn(land([recordOf(text)]), ORDERS).map(({ _event_id }) => _event_id);
  expect(ids(` ${JSON.stringify(event, null, 2)}\r\n`)).toEqual(['e1']);
  expect(ids(`\t[ ${JSON.stringify(event)} ,\n${JSON.stringify({ ...event, id: 'e2' })} ] `)).toEqual(['e1', 'e2']);
});

test.each([
  ['no JSON', 'order 1: two apples', 'not JSON'],
  ['cut off', '{"id":"a"', 'not JSON'],
  ['cut off within a batch', `[${JSON.stringify(event)},`, 'not JSON'],
  ['a batch that does not end', `[${JSON.stringify(event)}`, 'not JSON'],
  ['a batch with a comma too many', `[${JSON.stringify(event)},]`, 'not JSON'],
  ['two texts', `${JSON.stringify(event)}${JSON.stringify(event)}`, 'not JSON'],
  ['a batch with something behind', `[${JSON.stringify(event)}]]`, 'not JSON'],
  ['empty', '', 'not JSON'],
  ['an empty batch', '[]', 'empty batch'],
  ['an empty batch with something behind', '[] []', 'not JSON'],
])('a record that is %s is quarantined whole', (_name, text, reason) => {
  const row = quarantined(text);
  expect(row).toMatchObject({ rules: ['g0.encoding'], reasons: [expect.stringContaining(reason)] });
  expect(row.sealed).toBe(`${'100'.padStart(64, '0')}.000000 ${text}`);
});

test.each([
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), 'not UTF-8'],
  ['half a character', Buffer.from('"ü').subarray(0, 2), 'not UTF-8'],
  ['a surrogate as bytes', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'not UTF-8'],
  ['a KPL aggregate', Buffer.from([0xf3, 0x89, 0x9a, 0xc2, 0x0a]), 'KPL-aggregated'],
])('%s are kept as base64', (_name, bytes, reason) => {
  expect(open(bytes)).toMatchObject({
    type: 'NoText',
    payload: `base64:${bytes.toString('base64')}`,
    finding: { rule: 'g0.encoding', reason: expect.stringContaining(reason) },
  });
});

test.each([0x00, 0x01, 0x08, 0x09, 0x0a, 0x0d, 0x1f])('a control character %i within a string is no JSON', (point) => {
  const raw = `a${String.fromCodePoint(point)}b`;
  for (const text of ['"id":"e1"', '"country":"United Kingdom"', '"customer_id":"17850"', '"data":{']) {
    const [key, value] = text.split(':');
    const spoilt = [`${key}:${value?.replace(/^"/, `"${raw}`)}`, `${key?.replace(/^"/, `"${raw}`)}:${value}`];
    for (const each of spoilt) {
      const record = JSON.stringify(event).replace(text, each);
      if (!record.includes(raw)) continue;
      expect(reasonOf(record)).toEqual([expect.stringContaining('not JSON')]);
    }
  }
});

test('a byte order mark is no part of the text', () => {
  expect(rowsIn(land([recordOf(`\ufeff${JSON.stringify(event)}`)]), ORDERS)).toHaveLength(1);
});

test('64 levels of nesting are looked at, and more are refused, however many', () => {
  const nested = (levels: number) => `{"a":`.repeat(levels - 1).concat('{}', '}'.repeat(levels - 1));
  expect(reasonOf(nested(64))).not.toContain('the event nests deeper than 64 levels');
  expect(reasonOf(nested(65))).toEqual(['the event nests deeper than 64 levels']);
  expect(reasonOf('['.repeat(1_000_000))).toHaveLength(1);
});

test('a record of 100,000 levels takes less than 50 ms of the processor, and the events beside it land', () => {
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const record = recordOf(`[${JSON.stringify(event)},${deep},${JSON.stringify(event)}]`);
  const tables = land([record]);
  expect(cpuMillis(() => land([record]), 50)).toBeLessThan(50);
  expect(rowsIn(tables, ORDERS)).toHaveLength(2);
  expect(rowsIn(tables, QUARANTINE)).toHaveLength(1);
});

test('brackets within strings are no nesting', () => {
  const note = { ...event, note: `${'['.repeat(100)}"\\` };
  expect(rowsIn(land([recordOf(note)]), ORDERS)).toHaveLength(1);
});

test('half a million hollow items are one row of the quarantine, not half a million', () => {
  expect(reasonOf(`[${'{},'.repeat(499_999)}{}]`)).toEqual([
    'the record holds more items than events fit in its size, at 64 bytes each',
  ]);
});

test('the reason does not quote the payload', () => {
  expect(reasonOf('secret@example.com')).not.toContain('secret');
});
