import { judge, sheetOf } from '../../cli/account/balance-sheet.ts';
import { readSince } from '../../cli/account/read-since.ts';
import type { Account, Check } from '../../lambdas/shared/account-items.ts';

const hour = (change: Partial<Account> = {}): Account => ({
  table: 'shop.bronze.orders',
  hour: '2026-03-01T10',
  produced: 3,
  landed: 2,
  quarantined: 1,
  onFailure: 0,
  inFlight: 0,
  duplicates: 0,
  gaps: 0,
  missingNumbers: [],
  status: 'balanced',
  changedAt: '2026-03-01T10:59:00.000Z',
  ...change,
});
const check: Check = { domain: 'shop', checkedAt: '2026-03-01T11:00:00.000Z', isCaughtUp: true, lost: [] };

test('hours without anything in flight are balanced', () => {
  expect(judge([hour(), hour()], [check])).toMatchObject({ law: 'balanced', sentences: ['balanced'] });
  expect(judge([], [])).toMatchObject({ law: 'balanced' });
});

test('what is on its way is in flight, and does not break the law', () => {
  const verdict = judge(
    [hour({ inFlight: 1199, status: 'pending' }), hour({ inFlight: -1, status: 'pending' })],
    [check],
  );
  expect(verdict).toMatchObject({
    law: 'in flight',
    inFlight: 1200,
    sentences: [expect.stringMatching(/^1,200 events in flight/)],
  });
});

test('a stream that is not counted to its end leaves the verdict open', () => {
  const verdict = judge([hour()], [{ ...check, isCaughtUp: false }]);
  expect(verdict).toMatchObject({ law: 'in flight', sentences: [expect.stringMatching(/not counted to its end/)] });
});

test.each([
  ['missing', 2, { missing: 2, excess: 0 }, '2 events missing since'],
  ['excess', -1, { missing: 0, excess: 1 }, '1 event too many since'],
] as const)('an hour that is %s breaks the law, and is named', (status, inFlight, sums, words) => {
  const verdict = judge([hour(), hour({ inFlight, status })], [check]);
  expect(verdict).toMatchObject({ law: 'broken', ...sums });
  expect(verdict.sentences).toEqual([`shop.bronze.orders, hour 2026-03-01T10: ${words} 2026-03-01T10:59:00.000Z`]);
});

test('an excess in one hour does not hide what is missing in another', () => {
  const verdict = judge([hour({ inFlight: 1, status: 'missing' }), hour({ inFlight: -1, status: 'excess' })], [check]);
  expect(verdict).toMatchObject({ law: 'broken', missing: 1, excess: 1 });
});

test('records that were trimmed before they were counted break the law', () => {
  const lost = [{ shard: 'shardId-000000000001', since: null }];
  const verdict = judge([hour()], [{ ...check, lost }]);
  expect(verdict).toMatchObject({ law: 'broken', sentences: [expect.stringMatching(/shardId-000000000001.*trimmed/)] });
});

test('numbers that never came are named, and do not break the law', () => {
  const missingNumbers = [
    { producer: 'till-1', first: 7, last: 7 },
    { producer: 'till-1', first: 20, last: 21 },
  ];
  expect(judge([hour({ gaps: 3, missingNumbers })], [check])).toMatchObject({
    law: 'balanced',
    sentences: ['balanced', expect.stringMatching(/3 numbers never came: till-1 7, till-1 20 to 21$/)],
  });
  expect(judge([hour({ gaps: 30, missingNumbers })], [check]).sentences[1]).toMatch(/20 to 21, …$/);
});

test('the sheet ends with totals when there is anything to add up', () => {
  expect(sheetOf([hour()])).toHaveLength(1);
  const rows = sheetOf([hour({ produced: 1000 }), hour({ hour: '2026-03-01T11', onFailure: 4 })]);
  expect(rows[2]).toMatchObject({ table: 'total', produced: '1,003', landed: '4', 'on failure': '4' });
});

test.each([
  ['90m', '2026-03-01T10:30:00.000Z'],
  ['24h', '2026-02-28T12:00:00.000Z'],
  ['7d', '2026-02-22T12:00:00.000Z'],
  ['2026-02-27T00:00:00Z', '2026-02-27T00:00:00.000Z'],
])('since %s is a moment', (text, expected) => {
  expect(readSince(text, Date.parse('2026-03-01T12:00:00Z')).toISOString()).toBe(expected);
});

test.each(['yesterday', '24', 'h', '-3h', '2026-13-45', '10'])('since %s is refused', (text) => {
  expect(() => readSince(text)).toThrow(/allowed is a time/);
});
