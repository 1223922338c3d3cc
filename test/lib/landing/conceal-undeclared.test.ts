import * as fc from 'fast-check';
import { concealUndeclared, UNDECLARED } from '../../../lib/landing/conceal-undeclared.ts';
import { column } from '../../fixtures/column.ts';

const line = { type: 'struct' as const, fields: [column('sku')] };
const COLUMNS = [column('id'), column('lines', { type: 'array', items: line }), column('buyer', line)];

test.each([
  ['what is declared', { id: 'A', lines: [{ sku: 'S' }, null], buyer: { sku: 'B' } }, undefined],
  ['a declared value of the wrong type', { id: 7 }, undefined],
  ['no data', null, undefined],
  ['a key without a column', { id: 'A', mail: 'ann@example.com' }, { id: 'A', mail: UNDECLARED }],
  ['a key within an item', { lines: [{ sku: 'S', mail: 'x' }] }, { lines: [{ sku: 'S', mail: UNDECLARED }] }],
  ['a key within an object', { buyer: { mail: ['x'] } }, { buyer: { mail: UNDECLARED } }],
  ['an object in the place of a text', { id: { mail: 'x' } }, { id: UNDECLARED }],
  ['a text in the place of items', { lines: 'ann@example.com' }, { lines: UNDECLARED }],
  ['a text in the place of an object', { buyer: 'ann@example.com' }, { buyer: UNDECLARED }],
  ['data that is no object', ['ann@example.com'], UNDECLARED],
])('%s', (_, found, shown) => {
  expect(concealUndeclared(COLUMNS, found)).toEqual(shown ?? found);
});

test('a value below a key that no column has is never shown, wherever it stands', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const hidden = fc.dictionary(fc.constantFrom('mail', 'sku2', '__proto__'), fc.tuple(json, fc.constant('SECRET')));
  fc.assert(
    fc.property(hidden, json, (extra, other) => {
      const shown = concealUndeclared(COLUMNS, { ...extra, id: [other, 'SECRET'], lines: [extra], buyer: extra });
      expect(JSON.stringify(shown)).not.toContain('SECRET');
    }),
  );
});
