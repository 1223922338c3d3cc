import { decodeRecord } from '../../../lib/landing/decode-record.ts';

const decode = (content: string | Buffer) => decodeRecord(Buffer.from(content).toString('base64'));

test('a record holds one event or an array of them', () => {
  expect(decode('{"id":"a"}')).toEqual({ type: 'Events', events: [{ id: 'a' }] });
  expect(decode('[{"id":"a"},{"id":"b"}]')).toEqual({ type: 'Events', events: [{ id: 'a' }, { id: 'b' }] });
});

test.each([
  ['no JSON', 'order 1: two apples', 'not JSON'],
  ['cut off', '{"id":"a"', 'not JSON'],
  ['empty', '', 'not JSON'],
  ['an empty batch', '[]', 'empty batch'],
])('a record that is %s is kept with its text and a reason', (_name, text, reason) => {
  expect(decode(text)).toMatchObject({
    type: 'Undecodable',
    payload: text,
    finding: { rule: 'g0.encoding', reason: expect.stringContaining(reason) },
  });
});

test.each([
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]), 'not UTF-8'],
  ['a KPL aggregate', Buffer.from([0xf3, 0x89, 0x9a, 0xc2, 0x0a]), 'KPL-aggregated'],
])('%s are kept as base64', (_name, bytes, reason) => {
  expect(decode(bytes)).toMatchObject({
    payload: `base64:${bytes.toString('base64')}`,
    finding: { reason: expect.stringContaining(reason) },
  });
});

test('64 levels of nesting are read, and more are refused, however many', () => {
  const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
  expect(decode(nested(64)).type).toBe('Events');
  expect(decode(nested(65))).toMatchObject({ finding: { reason: 'the record nests deeper than 64 levels' } });
  expect(decode('['.repeat(1_000_000)).type).toBe('Undecodable');
});

test('brackets within strings are no nesting', () => {
  expect(decode(JSON.stringify({ note: `${'['.repeat(100)}"\\` })).type).toBe('Events');
});

test('the reason does not quote the payload', () => {
  const decoded = decode('secret@example.com');
  expect(decoded.type === 'Undecodable' && decoded.finding.reason).not.toContain('secret');
});
