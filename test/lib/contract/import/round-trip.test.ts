import fc from 'fast-check';
import type { Check, Column, Contract, Field } from '../../../../lib/contract/contract.ts';
import { writeDraft } from '../../../../lib/contract/draft/write-draft.ts';
import type { Exporter } from '../../../../lib/contract/export/export.ts';
import { exportAvro } from '../../../../lib/contract/export/export-avro.ts';
import { exportDbt } from '../../../../lib/contract/export/export-dbt.ts';
import { exportJsonSchema } from '../../../../lib/contract/export/export-json-schema.ts';
import { exportSql } from '../../../../lib/contract/export/export-sql.ts';
import { IMPORTERS, type ImportFormat } from '../../../../lib/contract/import/importers.ts';
import { exported, READINGS, readSource } from '../export/read-sample.ts';

const SCALARS = [
  'string',
  'int',
  'long',
  'double',
  'boolean',
  'date',
  'timestamp',
  'decimal(9,2)',
  'decimal(38,10)',
] as const;
const scalar = fc.record({ type: fc.constantFrom(...SCALARS) });
const names = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}(_[a-z0-9]{1,4})?$/), { minLength: 1, maxLength: 4 });

/** A field of any depth; the members of a struct may be required or not. */
const { field } = fc.letrec<{ field: Field }>((tie) => ({
  field: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.record({ type: fc.constant('array' as const), items: tie('field') }),
    names.chain((members) =>
      fc
        .tuple(...members.map((name) => column(name, tie('field'))))
        .map((fields) => ({ type: 'struct' as const, fields })),
    ),
  ),
}));

const description = fc.option(fc.constantFrom('Plain.', 'Quo\'ted "twice" \\ and: more #1', 'Ünï'), { nil: undefined });

const column = (
  name: string,
  of: fc.Arbitrary<Field>,
  required: fc.Arbitrary<boolean> = fc.boolean(),
): fc.Arbitrary<Column> =>
  fc.record({ of, required, description }).map(({ of: shape, required: isRequired, description: text }) => ({
    ...shape,
    name,
    required: isRequired,
    ...(text !== undefined && { description: text }),
    classification: 'internal',
    pii: 'none',
    standardise: [],
  }));

/** Columns whose first one is fit for a key. */
const columnsOf = (of: fc.Arbitrary<Field>): fc.Arbitrary<Column[]> =>
  names.chain((rest) =>
    fc.tuple(
      column('key', fc.constant({ type: 'string' }), fc.constant(true)),
      ...rest.map((name) => column(`c_${name}`, of)),
    ),
  );

const required = ({ name }: Column): Check => ({
  ...{ id: `${name}.required`, name, kind: 'required', columns: [name], onFailure: 'block' },
});

/** The contract after a journey to another format and back, as lint takes it. */
async function again(format: ImportFormat, exporter: Exporter, contract: Contract): Promise<Contract> {
  const odcs = { ...READINGS.odcs, slaProperties: contract === READINGS.contract ? READINGS.odcs.slaProperties : [] };
  const { text } = exported(exporter, { ...READINGS, odcs, contract });
  const [imported] = await IMPORTERS[format](text, () => {});
  const { text: file } = writeDraft({ ...imported!, domain: 'lab', layer: 'silver' }, () => {});
  return readSource(file, 'lab', 'silver', contract.table).contract;
}

/** What all formats carry of a column. */
const shapeOf = ({ type, items, fields, ...rest }: Field & Partial<Column>): unknown => ({
  type,
  items: items && shapeOf(items),
  fields: fields?.map(shapeOf),
  name: rest.name,
  required: rest.required,
  description: rest.description,
});

/** As it is where nested values may not be required, and have no descriptions. */
const loosely = (given: Column): Column => ({ ...given, ...looseField(given) });
const looseField = ({ type, items, fields }: Field): Field => ({
  type,
  ...(items && { items: looseField(items) }),
  ...(fields && {
    fields: fields.map(({ description: _, ...member }) => ({ ...member, ...looseField(member), required: false })),
  }),
});

test.each<[ImportFormat, Exporter, fc.Arbitrary<Field>, (column: Column) => Column]>([
  ['avro', exportAvro, field, (each) => each],
  ['json-schema', exportJsonSchema, field, (each) => each],
  ['sql', exportSql('duckdb'), field, loosely],
  ['dbt', exportDbt, scalar, (each) => each],
])(
  '%s keeps names, types, descriptions and what is required',
  async (format, exporter, of, carried) => {
    await fc.assert(
      fc.asyncProperty(columnsOf(of), async (columns) => {
        const contract = {
          ...READINGS.contract,
          columns,
          checks: columns.filter((each) => each.required).map(required),
        };
        const { columns: found } = await again(format, exporter, contract);
        expect(found.map(shapeOf)).toEqual(columns.map(carried).map(shapeOf));
      }),
      { numRuns: format === 'sql' ? 25 : 100 },
    );
  },
  60_000,
);

const questions = (checks: readonly Check[]): string[] =>
  checks.map(({ kind, columns, value, values }) => JSON.stringify([kind, columns, value, values])).sort();

test.each<[ImportFormat, Exporter, (check: Check) => boolean]>([
  ['avro', exportAvro, ({ kind }) => kind === 'required'],
  [
    'json-schema',
    exportJsonSchema,
    ({ kind, columns: [name = ''], onFailure }) =>
      onFailure !== 'warn' &&
      !['unique', 'rowCount'].includes(kind) &&
      (kind === 'required' || !['price', 'taken_on'].includes(name)),
  ],
  ['sql', exportSql('duckdb'), ({ kind, id }) => kind === 'required' || id === 'primary_key.unique'],
  ['dbt', exportDbt, ({ kind }) => ['required', 'unique', 'enum'].includes(kind)],
])('%s keeps the checks that it has words for', async (format, exporter, isCarried) => {
  const { checks } = await again(format, exporter, READINGS.contract);
  const keys = (check: Check) => check.id !== 'primary_key.unique'; // proposed, where the format has no keys
  const expected = READINGS.contract.checks.filter(isCarried);
  expect(questions(checks.filter(format === 'sql' ? () => true : keys))).toEqual(
    questions(expected.filter(format === 'sql' ? () => true : keys)),
  );
});

test('dbt keeps privacy, people and freshness, too', async () => {
  const found = await again('dbt', exportDbt, READINGS.contract);
  const { id, version, owner, slas } = READINGS.contract;
  expect(found).toMatchObject({
    id,
    version,
    owner,
    slas: { freshness: { minutes: 120, element: slas.freshness?.element } },
  });
  const privacy = ({ columns }: Contract) =>
    columns.map(({ name, classification, pii, masking }) => [name, classification, pii, masking]);
  expect(privacy(found)).toEqual(privacy(READINGS.contract));
});

test('a bronze table comes back from the schema of its events', async () => {
  const columns = READINGS.contract.columns.slice(0, 3);
  const contract: Contract = {
    ...READINGS.contract,
    ...{
      layer: 'bronze',
      columns,
      checks: [],
      ingest: { from: 'stream', event: 'lab.readings.v1', key: 'reading_id' },
    },
  };
  const [imported] = await IMPORTERS['json-schema'](
    exported(exportJsonSchema, { ...READINGS, contract }).text,
    () => {},
  );
  expect(imported!.layer).toBe('bronze');
  const { text } = writeDraft({ ...imported!, domain: 'lab', layer: 'bronze' }, () => {});
  expect(readSource(text, 'lab', 'bronze', 'readings').contract).toMatchObject({
    columns: columns.map(({ name, type, required }) => ({ name, type, required })),
    ingest: { from: 'stream', event: 'lab.readings.v1', key: 'reading_id' },
  });
});
