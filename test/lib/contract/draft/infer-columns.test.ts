import fc from 'fast-check';
import { Sample } from '../../../../lib/contract/draft/infer-columns.ts';
import { writeDraft } from '../../../../lib/contract/draft/write-draft.ts';
import { compileShaper } from '../../../../lib/landing/shape-row.ts';
import { sentRow } from '../../landing/every-type.ts';
import { readSource } from '../export/read-sample.ts';

/** The contract of a sample, as lint takes it. */
function contractOf(rows: readonly object[], isUntyped = false) {
  const sample = new Sample(isUntyped);
  for (const row of rows) sample.add(row as Record<string, unknown>);
  const { text } = writeDraft({ domain: 'lab', layer: 'silver', table: 'rows', columns: sample.propose() }, () => {});
  return { ...readSource(text, 'lab', 'silver', 'rows').contract, text };
}

/** A column of texts as of a CSV file, beside one that identifies the rows. */
const columnOf = (...values: readonly (string | null)[]) =>
  contractOf(
    values.map((value, index) => ({ id: `r${index}`, value })),
    true,
  ).columns[1]!;

test('lint takes the contract of any sample, and the gate takes its rows', () => {
  fc.assert(
    fc.property(fc.array(sentRow, { minLength: 1, maxLength: 8 }), (found) => {
      const rows = found.map((row, index) => ({ id: `r${index}`, ...row }));
      const shape = compileShaper(contractOf(rows).columns);
      for (const row of rows) expect(shape(row)).toMatchObject({ type: 'Row' });
    }),
    { numRuns: 150 },
  );
});

test.each<[readonly (string | null)[], string]>([
  [['1', '2', '-30'], 'long'],
  [['9223372036854775807', '-9223372036854775808'], 'long'],
  [['9223372036854775808'], 'decimal(38,0)'],
  [['1.5', '2', '-0.125'], 'decimal(18,3)'],
  [['123456789012345.1234'], 'decimal(38,4)'],
  [['0.1', '1e5'], 'string'],
  [['007', '42'], 'string'],
  [['true', 'false'], 'boolean'],
  [['true', 'yes'], 'string'],
  [['2024-02-29', '2023-12-31'], 'date'],
  [['2023-02-29'], 'string'],
  [['2024-02-29T10:00:00Z', '2024-02-29T10:00:00.123+01:00'], 'timestamp'],
  [['2024-02-29', '2024-02-29T10:00:00Z'], 'string'],
  [['', null, '1'], 'long'],
  [['', null], 'string'],
])('texts %j become %s', (values, type) => {
  expect(columnOf(...values).type).toBe(type);
});

test('a column is required when every row has a value', () => {
  expect([columnOf('a', 'b').required, columnOf('a', '').required, columnOf('a', null).required]).toEqual([
    true,
    false,
    false,
  ]);
});

test('few values of many rows become an enum, of few rows they do not', () => {
  const sizes = (count: number) =>
    contractOf(Array.from({ length: count }, (_, id) => ({ id: `r${id}`, size: 'SML'[id % 3] })));
  expect(sizes(60).checks).toContainEqual(expect.objectContaining({ kind: 'enum', values: ['L', 'M', 'S'] }));
  expect(sizes(60).text).toContain('# CONFIRM: enum: the 3 values of 60 rows');
  expect(sizes(59).checks).not.toContainEqual(expect.objectContaining({ kind: 'enum' }));
});

describe('the key', () => {
  const rows = (of: (index: number) => object) =>
    contractOf(Array.from({ length: 30 }, (_, index) => of(index))).write.keys;

  test('is the unique column that is called so, before any other', () => {
    expect(rows((index) => ({ day: `d${index}`, order_id: `o${index}` }))).toEqual(['order_id']);
  });

  test('is any unique column where none is called so, but no measure', () => {
    expect(rows((index) => ({ price: `${index}.5`, name: `n${index}` }))).toEqual(['name']);
  });

  test('is made of identifiers that are unique together, and of no more than it takes', () => {
    expect(rows((index) => ({ order_id: `o${index >> 1}`, line_no: index % 2, product_id: 'p' }))).toEqual([
      'order_id',
      'line_no',
    ]);
  });

  test('is no column with a null or a repetition', () => {
    expect(
      rows((index) => ({
        a_id: index === 7 ? null : `a${index}`,
        b_id: index === 7 ? 'b8' : `b${index}`,
        c_id: `c${index}`,
      })),
    ).toEqual(['c_id']);
  });
});

describe('personal data', () => {
  const people = Array.from({ length: 40 }, (_, index) => ({
    id: `r${index}`,
    contact: `someone${index}@example.com`,
    last_name: `Name${index % 7}`,
    date_of_birth: '1980-01-01',
    colour: ['red', 'blue'][index % 2],
  }));

  test('is known by its values and by its name, tagged, classified and masked', () => {
    const found = contractOf(people).columns.map(({ name, classification, pii, masking }) => [
      name,
      classification,
      pii,
      masking?.method,
    ]);
    expect(found).toEqual([
      ['id', 'internal', 'none', undefined],
      ['contact', 'confidential', 'direct', 'tokenise'],
      ['last_name', 'confidential', 'direct', 'tokenise'],
      ['date_of_birth', 'confidential', 'none', undefined],
      ['colour', 'internal', 'none', undefined],
    ]);
  });

  test('that no token can mask is told to a person', () => {
    expect(contractOf(people).text).toMatch(/name: date_of_birth # CONFIRM: looks personal \(pii.birth_date\): tag it/);
  });

  test('never stands in the contract', () => {
    expect(contractOf(people).text).not.toMatch(/someone|Name\d|1980/);
  });
});

test('every proposal bears a comment', () => {
  const { text } = contractOf([
    { id: 'r1', amount: 1.5, mixed: 1 },
    { id: 'r2', amount: 2, mixed: 'x' },
  ]);
  expect(text).toContain('classification: internal # CONFIRM: proposed');
  expect(text).toContain('name: amount # CONFIRM: type: a JSON number; money is decimal(p,s), sent as text');
  expect(text).toContain('name: mixed # CONFIRM: type: values of several kinds were seen');
  expect(text).toContain('username: data-owner@example.com # CONFIRM: proposed');
});
