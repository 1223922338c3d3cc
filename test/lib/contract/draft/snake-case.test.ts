import fc from 'fast-check';
import { nameOf, snakeCase } from '../../../../lib/contract/draft/snake-case.ts';

test.each([
  ['InvoiceNo', 'invoice_no'],
  ['Invoice No.', 'invoice_no'],
  ['HTTPStatusCode', 'http_status_code'],
  ['order_id', 'order_id'],
  ['Größe (cm)', 'gro_e_cm'],
  ['2nd line', 'c_2nd_line'],
  ['日本', 'column'],
  ['_id', 'id'],
])('%s becomes %s', (name, snake) => {
  expect(snakeCase(name)).toBe(snake);
});

test('any name becomes one that lint takes, and stays so', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (name) => {
      expect(snakeCase(name)).toMatch(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/);
      expect(nameOf(snakeCase(name))).toEqual({ name: snakeCase(name) });
    }),
  );
});
