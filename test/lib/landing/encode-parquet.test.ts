import fc from 'fast-check';
import type { Column } from '../../../lib/contract/contract.ts';
import { tableBuilderOf } from '../../../lib/landing/arrow-column.ts';
import type { Row } from '../../../lib/landing/row.ts';
import { compileShaper } from '../../../lib/landing/shape-row.ts';
import { column, columns, type SentRow, sentRow } from './every-type.ts';
import { event, land, ORDERS, QUARANTINE, recordOf } from './orders.ts';
import { encode, type Read, readBack } from './read-back.ts';

/** Rows as two engines read them. */
function readRows(columns: readonly Column[], rows: readonly Row[]): Read {
  const builder = tableBuilderOf(columns);
  for (const row of rows) builder.append(row);
  return readBack(encode({ columns, data: builder.build() }));
}

const shape = compileShaper(columns);

function shaped(sent: SentRow): Row {
  const found = shape(sent);
  if (found.type !== 'Row') throw new Error(JSON.stringify(found.findings));
  return found.row;
}

/** A sent row as the readers show it: whole numbers and decimals as text, times in milliseconds. */
const shown = (sent: SentRow) => ({
  ...sent,
  whole: textOf(sent.whole),
  instant: sent.instant === null ? null : Date.parse(sent.instant),
  lines: sent.lines?.map(({ no, price }) => ({ no: textOf(no), price })) ?? null,
});
const textOf = (value: number | null) => (value === null ? null : String(value));
const read = (found: Record<string, unknown>) => ({
  ...found,
  instant: found.instant === null ? null : Date.parse(String(found.instant)),
});

test('rows of every type come back unchanged in pyarrow and in DuckDB', () => {
  const sent = fc.sample(sentRow, { numRuns: 300, seed: 7 });
  const { pyarrow, duckdb, codec } = readRows(columns, sent.map(shaped));
  expect(pyarrow.map(read)).toEqual(sent.map(shown));
  expect(duckdb.map(read)).toEqual(sent.map(shown));
  expect(codec).toBe('ZSTD');
});

test.each([[0], [1], [7], [8], [9], [1000]])('%i rows come back as so many', (count) => {
  const rows = Array.from({ length: count }, (_, i) => ({ text: i % 2 ? null : String(i), whole: i }));
  const { pyarrow } = readRows([column('text', 'string'), column('whole', 'int')], rows);
  expect(pyarrow).toEqual(rows.map(({ text, whole }) => ({ text, whole: String(whole) })));
});

test('microseconds and the ends of each type are kept', () => {
  const found = shape({
    instant: '2010-12-01T08:26:00.123456+00:00',
    long: '-9223372036854775808',
    whole: -2147483648,
    wide: `-${'9'.repeat(28)}.${'9'.repeat(10)}`,
    day: '9999-12-31',
  });
  const { pyarrow } = readRows(columns, found.type === 'Row' ? [found.row] : []);
  expect(pyarrow[0]).toMatchObject({
    instant: '2010-12-01T08:26:00.123456+00:00',
    long: '-9223372036854775808',
    whole: '-2147483648',
    wide: `-${'9'.repeat(28)}.${'9'.repeat(10)}`,
    day: '9999-12-31',
  });
});

test('landed orders and quarantined events have the types that their tables have', () => {
  const tables = land([recordOf([event, event]), recordOf('broken')]);
  const typesOf = (id: string) => {
    const landed = tables.find(({ table }) => table === id);
    return landed && readBack(encode(landed)).types;
  };
  expect(typesOf(ORDERS)).toMatchObject({
    ordered_at: 'timestamp[us, tz=UTC]',
    is_cancellation: 'bool',
    lines: expect.stringContaining('unit_price: decimal128(18, 4)'),
    _ingest_date: 'date32[day]',
  });
  expect(typesOf(QUARANTINE)).toMatchObject({ reasons: 'list<element: string>', attempts: 'int32' });
});
