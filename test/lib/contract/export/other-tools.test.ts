import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { exportDbt } from '../../../../lib/contract/export/export-dbt.ts';
import { exportOdcs } from '../../../../lib/contract/export/export-odcs.ts';
import { exportSql } from '../../../../lib/contract/export/export-sql.ts';
import type { VariableValue } from '../../../../lib/contract/variables.ts';
import { loadVariables } from '../../../../lib/contract/variables.ts';
import { exported, golden, READINGS, readSource } from './read-sample.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const files = readdirSync(path.join(root, 'domains'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.odcs.yaml'))
  .map((file) => `domains/${file}`)
  .concat('test/fixtures/contracts/everything.odcs.yaml', 'test/fixtures/exports/readings.odcs.yaml');
const texts = files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')] as const);

/** The domain, layer and table of a text, as far as its export asks for them. */
function sourceOf(text: string): typeof READINGS {
  const [, domain = ''] = /^domain: (\w+)/m.exec(text) ?? [];
  const [, table = ''] = /^schema:\n(?: .*\n)*? {2,4}(?:- )?name: (\w+)/m.exec(text) ?? [];
  const [, layer = ''] = /layer: (\w+)/.exec(text) ?? [];
  return readSource(text, domain, layer, table, loadVariables(root, domain, undefined).variables);
}
const sources = texts.map(([file, text]) => [file, sourceOf(text)] as const);
/** What an environment says stands in variables: a text within a text, and a number that is all of a value. */
const WITH_VARIABLES = readSource(
  texts
    .at(-1)![1]
    .replace('channel: lab-oncall', `channel: '\${TEAM}-oncall'`)
    .replace('mustBeGreaterThan: 0', `mustBeGreaterThan: '\${MINIMUM}'`),
  'lab',
  'silver',
  'readings',
  {
    file: 'domains/lab/variables.yaml',
    values: new Map<string, VariableValue>([
      ['TEAM', 'night'],
      ['MINIMUM', 7],
    ]),
  },
);
const mapValues = <T, U>(map: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => [key, change(value)]));
const down = (source: typeof READINGS): string => exported(exportOdcs, source).text;

/** Each instrument is known by its serial number, in a table that is a source, too. */
const toItself = { table: 'lab.silver.readings', columns: ['serial'] };
const WITH_KEY = {
  ...READINGS,
  contract: {
    ...READINGS.contract,
    relationships: [
      { id: 'one', columns: ['serial'], target: toItself, onFailure: 'warn' },
      {
        id: 'two',
        columns: ['serial', 'kind'],
        target: { ...toItself, columns: ['serial', 'kind'] },
        onFailure: 'warn',
      },
    ],
  },
} as const;
const spark = exported(exportSql('spark')).text;
/** One process says it all: each of the tools takes seconds to start. */
const { status, stdout, stderr } = spawnSync('.venv/bin/python', [path.join(import.meta.dirname, 'judge_exports.py')], {
  cwd: root,
  encoding: 'utf8',
  input: JSON.stringify({
    odcs: Object.fromEntries([
      ...texts.map(([file, text]) => [`v3.2.0 ${file}`, text]),
      ...sources.map(([file, source]) => [`v3.1.0 ${file}`, down(source)]),
      ['v3.1.0 with variables', down(WITH_VARIABLES)],
      ['broken', texts[0]![1].replace(/^version: .*$/m, '')],
    ]),
    spark: [spark],
    dbt: { readings: exported(exportDbt, WITH_KEY).text },
  }),
});
if (status !== 0) throw new Error(stderr);
const said = JSON.parse(stdout.slice(stdout.lastIndexOf('\n{') + 1)) as {
  odcs: Record<string, string[]>;
  spark: [name: string, type: string, comment: string][][];
  dbt: { tables: Record<string, { freshness: object; loadedAt: string; columns: object }>; tests: string[] };
};

describe('datacontract-cli', () => {
  test.each(files)('%s is valid in v3.2 as it is, and in v3.1 as it is exported', (file) => {
    expect(said.odcs[`v3.2.0 ${file}`]).toEqual(['passed: Data contract is valid against ODCS v3.2.0']);
    expect(said.odcs[`v3.1.0 ${file}`]).toEqual(['passed: Data contract is valid against ODCS v3.1.0']);
  });

  test('one with variables is exported with what they stand for, and valid', () => {
    expect(said.odcs['v3.1.0 with variables']).toEqual(['passed: Data contract is valid against ODCS v3.1.0']);
    expect(down(WITH_VARIABLES)).toBe(
      golden('v3.1.yaml').replace('lab-oncall', 'night-oncall').replace('mustBeGreaterThan: 0', 'mustBeGreaterThan: 7'),
    );
  });

  test('it would say so if one were not', () => {
    expect(said.odcs.broken).toEqual([expect.stringMatching(/^failed: .*version/)]);
  });
});

test('Spark reads the columns, types and comments of the table that were meant', () => {
  const text = ({ description = '' }) => description;
  expect(said.spark[0]).toEqual([
    ['reading_id', 'BIGINT', text(READINGS.contract.columns[0]!)],
    ['serial', 'STRING', text(READINGS.contract.columns[1]!)],
    ['kind', 'STRING', ''],
    ['patient_email', 'STRING', ''],
    ['attempts', 'INT', ''],
    ['temperature', 'DOUBLE', ''],
    ['price', 'DECIMAL(9, 2)', ''],
    ['is_valid', 'BOOLEAN', ''],
    ['taken_on', 'DATE', ''],
    ['taken_at', 'TIMESTAMP', ''],
    ['samples', 'ARRAY<STRUCT<`no`: INT NOT NULL, `amount`: DECIMAL(18, 4)>>', 'What was measured, sample by sample.'],
    ['place', 'STRUCT<`room`: STRING, `shelves`: ARRAY<STRING>>', ''],
  ]);
});

describe('dbt', () => {
  test('the sources of the sample are as they were found good', () => {
    expect(exported(exportDbt).text).toBe(golden('dbt.yml'));
  });

  test('it finds the columns, and warns and fails when the contract says', () => {
    const { readings } = said.dbt.tables;
    expect(Object.keys(readings!.columns)).toEqual(READINGS.contract.columns.map(({ name }) => name));
    expect(readings!.loadedAt).toBe('taken_at');
    expect(readings!.freshness).toMatchObject({
      warn_after: { count: 2, period: 'hour' },
      error_after: { count: 4, period: 'hour' },
    });
  });

  test('a foreign key of several columns is listed', () => {
    const { losses } = exported(exportDbt, WITH_KEY);
    expect(losses.filter((loss) => loss.includes('foreign key'))).toEqual([
      'serial: no equal for the foreign key to lab.silver.readings',
    ]);
  });

  test('it finds a test for each check that it has words for', () => {
    expect(said.dbt.tests).toEqual([
      'attempts not_null ERROR',
      'is_valid not_null ERROR',
      'kind accepted_values ERROR',
      'reading_id not_null ERROR',
      'reading_id unique ERROR',
      'serial not_null ERROR',
      'serial relationships warn',
      'serial unique ERROR',
      'taken_at not_null ERROR',
      'temperature accepted_values warn',
    ]);
  });
});

describe('the export to v3.1', () => {
  test('the file of the sample is as it was found good', () => {
    expect(down(READINGS)).toBe(golden('v3.1.yaml'));
  });

  test.each(sources)('%s means the same to Sluice', (_, source) => {
    const again = sourceOf(down(source)).contract;
    const questions = ({ checks }: typeof again) =>
      checks.map(({ id, name, ...question }) => JSON.stringify(question)).sort();
    const { slas, status = 'active' } = source.contract;
    expect({ ...again, checks: questions(again) }).toEqual({
      ...source.contract,
      checks: questions(source.contract),
      status,
      slas: mapValues(slas, ({ slo: _, ...level }) => level), // v3.1 has no place for it beside its level
    });
  });

  test('what v3.1 has no place for is moved, and listed', () => {
    expect(exported(exportOdcs).losses).toEqual([
      "schema[0].properties[2].enum: v3.1.0 has none; became the rule 'kind_enum'",
      'status: required by v3.1.0; set to active',
      "slaProperties[0].customProperties: v3.1.0 has none here; 'slo' moved to the contract's customProperties",
    ]);
  });
});
