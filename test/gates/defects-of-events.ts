import { data, event, line } from '../lib/landing/orders.ts';

/** What is wrong with a record, the record, and the rule that is to refuse it. */
export type EventDefect = readonly [defect: string, record: unknown, rule: string];

const withData = (change: object) => ({ ...event, data: { ...data, ...change } });
const withLine = (change: object) => withData({ lines: [{ ...line, ...change }] });
const without = (object: object, name: string) =>
  Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));
const nested = (depth: number): unknown => (depth === 0 ? 'deep' : [nested(depth - 1)]);

export const DEFECTS_OF_EVENTS: readonly EventDefect[] = [
  ['text that is no JSON', 'two apples', 'g0.encoding'],
  ['bytes that are no text', Buffer.from([0xff, 0xfe, 0x00]).toString('latin1'), 'g0.encoding'],
  ['a key that comes twice', JSON.stringify(event).replace('"order_id"', '"order_id":"1","order_id"'), 'g0.encoding'],
  [
    'a number that loses digits',
    JSON.stringify(event).replace('"quantity":6', '"quantity":6.0000000000000000001'),
    'g0.encoding',
  ],
  ['an event that nests too deep', withData({ country: nested(70) }), 'g0.encoding'],
  ['an event without an id', without(event, 'id'), 'g0.envelope'],
  ['an event without a time', without(event, 'time'), 'g0.envelope'],
  ['an event from the future', { ...event, time: '2031-01-01T00:00:00Z' }, 'g0.time'],
  ['a type that no contract takes', { ...event, type: 'commerce.wishes.v1' }, 'g0.contract'],
  ['a required column that is missing', { ...event, data: without(data, 'ordered_at') }, 'g0.required'],
  ['a required column that is null', withData({ country: null }), 'g0.required'],
  ['a text where a number is due', withLine({ quantity: 'many' }), 'g0.type'],
  ['a decimal that was a float', withLine({ unit_price: 2.55 }), 'g0.type'],
  ['a decimal beyond its precision', withLine({ unit_price: '123456789012345678.9' }), 'g0.type'],
  ['an integer beyond its type', withLine({ quantity: 2 ** 31 }), 'g0.type'],
  ['a time without a zone', withData({ ordered_at: '2010-12-01T08:26:00' }), 'g0.type'],
  ['a number where a text is due', withData({ country: 7 }), 'g0.type'],
  ['a column that nobody declared', withData({ email: 'ada@example.com' }), 'g0.undeclared'],
  ['a nested column that nobody declared', withLine({ card: '4111111111111111' }), 'g0.undeclared'],
];
