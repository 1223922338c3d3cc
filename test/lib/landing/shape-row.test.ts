import type { Column } from '../../../lib/contract/contract.ts';
import { compileShaper } from '../../../lib/landing/shape-row.ts';

const column = (name: string, type: Column['type'], more: Partial<Column> = {}): Column => ({
  name,
  type,
  required: false,
  classification: 'internal',
  pii: 'none',
  standardise: [],
  ...more,
});
const line = [column('line_no', 'int', { required: true }), column('price', 'decimal(9,2)')];
const shape = compileShaper([
  column('id', 'string', { required: true }),
  column('lines', 'array', { items: { type: 'struct', fields: line } }),
]);
const reasonsOf = (data: unknown) => {
  const shaped = shape(data);
  return shaped.type === 'Misfit' ? shaped.findings.map(({ rule, reason }) => `${rule}: ${reason}`) : [];
};

test('what fits becomes a row of the column types, nested ones too', () => {
  expect(shape({ id: 'a', lines: [{ line_no: 1, price: '2.50' }] })).toEqual({
    type: 'Row',
    row: { id: 'a', lines: [{ line_no: 1, price: 250n }] },
  });
});

test('an optional column may be null or missing', () => {
  const row = { id: 'a', lines: null };
  expect(shape({ id: 'a', lines: null })).toEqual({ type: 'Row', row });
  expect(shape({ id: 'a' })).toEqual({ type: 'Row', row });
});

test('an array may be empty', () => {
  expect(shape({ id: 'a', lines: [] })).toEqual({ type: 'Row', row: { id: 'a', lines: [] } });
});

test('a row that does not fit tells all its faults, by path, type and fix', () => {
  expect(reasonsOf({ lines: [{ line_no: 1 }, { line_no: '2', price: 2.5, colour: 'red' }, 7], note: 'x' })).toEqual([
    "g0.undeclared: undeclared column 'note'; declare it in the contract or leave it out",
    "g0.required: column 'id' is required; found none",
    "g0.undeclared: undeclared column 'lines[1].colour'; declare it in the contract or leave it out",
    "g0.type: column 'lines[1].line_no': found a string of 1 characters; allowed is a whole number of 32 bits",
    `g0.type: column 'lines[1].price': found a number; allowed is decimal(9,2) as a string like "2.55"; send it as a string`,
    "g0.type: column 'lines[2]': found a number; allowed is an object",
  ]);
});

test.each([[null], [undefined], ['text'], [[]], [7]])('data that is %j is no row', (data) => {
  expect(reasonsOf(data)).toEqual([expect.stringMatching(/^g0.type: data: found .*; allowed is an object$/)]);
});

test('an element of an array is never null', () => {
  expect(reasonsOf({ id: 'a', lines: [null] })).toEqual([
    "g0.type: column 'lines[0]': found none; allowed is an object",
  ]);
});

test('names that every object has are no columns', () => {
  expect(reasonsOf(JSON.parse('{"id":"a","__proto__":{"lines":1},"toString":1}'))).toHaveLength(2);
  const inherited = compileShaper([column('constructor', 'string', { required: true })]);
  expect(inherited({}).type).toBe('Misfit');
});

test('a reason never tells a value', () => {
  expect(reasonsOf({ id: { secret: 'secret' }, lines: 'secret' }).join()).not.toContain('secret');
});

test('many faults are cut short, with their number', () => {
  const reasons = reasonsOf({ id: 'a', lines: Array.from({ length: 200_000 }, () => 1) });
  expect(reasons).toHaveLength(21);
  expect(reasons.at(-1)).toBe('g0.type: and 199980 more');
});
