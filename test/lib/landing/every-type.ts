import fc from 'fast-check';
import type { Column } from '../../../lib/contract/contract.ts';

export const column = (name: string, type: Column['type'], more: Partial<Column> = {}): Column => ({
  name,
  type,
  required: false,
  classification: 'internal',
  pii: 'none',
  standardise: [],
  ...more,
});
const scalars = [
  column('text', 'string'),
  column('whole', 'int'),
  column('long', 'long'),
  column('real', 'double'),
  column('flag', 'boolean'),
  column('day', 'date'),
  column('instant', 'timestamp'),
  column('money', 'decimal(18,4)'),
  column('wide', 'decimal(38,10)'),
];
/** Columns of every type, nested too. */
export const columns: readonly Column[] = [
  ...scalars,
  column('texts', 'array', { items: { type: 'string' } }),
  column('lines', 'array', {
    items: { type: 'struct', fields: [column('no', 'int'), column('price', 'decimal(9,2)')] },
  }),
  column('place', 'struct', {
    fields: [column('city', 'string'), column('geo', 'array', { items: { type: 'double' } })],
  }),
];
/** Rows as producers send them. */
const nullable = <T>(values: fc.Arbitrary<T>) => fc.option(values, { freq: 4 });
const decimal = (digits: number, scale: number) =>
  fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n }).map((unscaled) => {
    const text = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
    return `${unscaled < 0n ? '-' : ''}${text.slice(0, -scale)}.${text.slice(-scale)}`;
  });
const instants = fc.date({ min: new Date('1900-01-01'), max: new Date('2200-01-01'), noInvalidDate: true });
const text = fc.string({ unit: 'binary' });
export const sentRow = fc.record({
  text: nullable(text),
  whole: nullable(fc.integer()),
  long: nullable(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
  real: nullable(fc.double({ noNaN: true, noDefaultInfinity: true })),
  flag: nullable(fc.boolean()),
  day: nullable(instants.map((date) => date.toISOString().slice(0, 10))),
  instant: nullable(instants.map((date) => date.toISOString())),
  money: nullable(decimal(18, 4)),
  wide: nullable(decimal(38, 10)),
  texts: nullable(fc.array(text)),
  lines: nullable(fc.array(fc.record({ no: nullable(fc.integer()), price: nullable(decimal(9, 2)) }))),
  place: nullable(
    fc.record({ city: nullable(text), geo: nullable(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true }))) }),
  ),
});
export type SentRow = typeof sentRow extends fc.Arbitrary<infer T> ? T : never;
