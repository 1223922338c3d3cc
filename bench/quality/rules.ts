import type { Check, Column, Expectation } from '../../lib/contract/contract.ts';

const column = (name: string, type: Column['type']): Column => ({
  ...{ name, type, required: false, classification: 'internal', pii: 'none', standardise: [] },
});

/** Order lines, as silver has them. */
export const COLUMNS: readonly Column[] = [
  column('order_id', 'string'),
  column('line_no', 'int'),
  column('ordered_at', 'timestamp'),
  column('customer_id', 'string'),
  column('country', 'string'),
  column('currency', 'string'),
  column('is_cancellation', 'boolean'),
  column('product_id', 'string'),
  column('description', 'string'),
  column('quantity', 'int'),
  column('unit_price', 'decimal(18,4)'),
];

const check = (kind: Check['kind'], columns: readonly string[], more: Partial<Check> = {}): Check => ({
  ...{ id: `${columns.join('+') || 'table'}.${kind}`, name: kind, kind, columns, onFailure: 'block', ...more },
});
const expected = (operator: Expectation['operator'], bounds: number[], unit: Expectation['unit']) => ({
  expect: { operator, bounds, unit },
});
const REQUIRED = 'order_id line_no ordered_at country currency is_cancellation product_id quantity unit_price';

/** Twenty-five rules that all contenders know in some form; references to other tables are none of these. */
export const RULES: readonly Check[] = [
  ...REQUIRED.split(' ').map((name) => check('required', [name])),
  check('pattern', ['currency'], { value: '^[A-Z]{3}$' }),
  check('enum', ['currency'], { values: ['GBP', 'EUR', 'USD'] }),
  check('minLength', ['product_id'], { value: '1' }),
  check('maxLength', ['product_id'], { value: '12' }),
  check('pattern', ['product_id'], { value: '^[A-Za-z0-9 ._-]+$' }),
  check('maxLength', ['description'], { value: '40' }),
  check('maxLength', ['country'], { value: '30' }),
  check('minimum', ['unit_price'], { value: '0' }),
  check('maximum', ['unit_price'], { value: '50000' }),
  check('minimum', ['line_no'], { value: '1' }),
  check('minimum', ['quantity'], { value: '-100000' }),
  check('maximum', ['quantity'], { value: '100000' }),
  check('notIn', ['quantity'], { values: ['0'] }),
  check('required', ['customer_id'], expected('mustBeLessThan', [40], 'percent')),
  check('unique', ['order_id', 'line_no']),
  check('rowCount', [], expected('mustBeBetween', [1, 10_000_000], 'rows')),
];
