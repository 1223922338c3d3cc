import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { parse } from 'yaml';
import { exportDbt } from '../../../lib/contract/export/export-dbt.ts';
import { exportOdcs } from '../../../lib/contract/export/export-odcs.ts';
import { writeYaml } from '../../../lib/contract/write-yaml.ts';
import { exported, readSource } from './export/read-sample.ts';

/** What PyYAML, which datacontract-cli and dbt read with, makes of texts. */
function readByPython(texts: readonly string[]): unknown[] {
  const program =
    'import json, sys, yaml; print(json.dumps([yaml.safe_load(t) for t in json.load(sys.stdin)], default=repr))';
  const input = JSON.stringify(texts);
  const { status, stdout, stderr } = spawnSync('.venv/bin/python', ['-c', program], { input, encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Truths, nulls, numbers and dates of either version, words of the language, and what one of them takes for a break. */
const WORDS = [
  ...['no', 'yes', 'on', 'off', 'y', 'n', 'No', 'YES', 'On', 'OFF', 'true', 'True', 'FALSE', 'null', 'Null', '~', ''],
  ...['=', '<<', '1', '1.0', '1e3', '1.5e+3', '.5', '5.', '+1', '0x1F', '010', '0o10', '0b11', '1_000', '1:30', '-'],
  ...['190:20:30.15', '.inf', '-.INF', '.nan', '2020-01-01', '2020-1-1', '2020-01-01 10:00:00', '- a', 'a: b', 'a #b'],
  ...['#a', '!x', '&a', '*a', '@a', '`a', '%a', '|', '>', '?', 'a:', '---', '...', '--- a', ' a', 'a ', '[a]', '{a}'],
  ...[
    'a\nb',
    'a\n',
    '\na',
    '  a\nb',
    'a  \nb',
    'a\n\n b\n',
    '\ta',
    'a\tb',
    'a\tb\n',
    'a\r\nb',
    'a\rb',
    'word '.repeat(80),
  ],
  ...['a\u0085b', 'a\u2028b', 'a\u2029\nb', '\ufeffa', 'a\u007f', '\u0001', '\uffff', 'é', '😀', 'a"b', "it's"],
];

test('any text, as a value and as a key, is the same to readers of YAML 1.1 and 1.2', () => {
  const random = fc.sample(fc.string({ unit: 'grapheme', maxLength: 200 }), { numRuns: 1000, seed: 7 });
  const documents = [...WORDS, ...random].map((text) => ({ value: text, list: [text], [`${text}`]: { name: text } }));
  const texts = documents.map(writeYaml);
  expect(readByPython(texts)).toEqual(documents);
  expect(texts.map((text) => parse(text))).toEqual(documents);
});

describe('columns that are called as truths are in YAML 1.1', () => {
  const named = (text: string): string =>
    text
      .replace('name: room,', 'name: on,')
      .replace('name: is_valid,', 'name: no,')
      .replace('- name: kind', '- name: yes');
  const source = readSource(
    named(readFileSync('test/fixtures/exports/readings.odcs.yaml', 'utf8')),
    'lab',
    'silver',
    'readings',
  );
  const stepInto = (value: unknown, key: string | number): unknown => (value as Record<string | number, unknown>)[key];
  const namesIn = (columns: unknown): unknown[] => (columns as { name: unknown }[]).map(({ name }) => name);
  const names = source.contract.columns.map(({ name }) => name);

  test('without quotes are text', () => {
    expect(names).toEqual(expect.arrayContaining(['no', 'yes']));
  });

  test.each([
    ['odcs-3.1', exportOdcs, ['schema', 0, 'properties']],
    ['dbt', exportDbt, ['sources', 0, 'tables', 0, 'columns']],
  ])('are text in the export to %s', (_, exporter, where) => {
    const [read] = readByPython([exported(exporter, source).text]);
    expect(namesIn(where.reduce(stepInto, read))).toEqual(names);
  });
});
