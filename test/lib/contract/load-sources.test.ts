import { loadFiles } from './load-sample.ts';
import { BRONZE } from './sample-contracts.ts';

const CONTRACT = {
  file: 'domains/toys/contracts/bronze/visits.odcs.yaml',
  text: BRONZE.replace('from: stream', 'from: files'),
};
const source = (name: string, change: (text: string) => string = (text) => text) => ({
  file: `domains/toys/sources/${name}.yaml`,
  text: change('source: /toys/till\nevent: toys.visits.v2\nid: visit_id\ntime: at\nfiles: { format: jsonl }\n'),
});
const told = (...files: readonly { file: string; text: string }[]) => loadFiles([CONTRACT, ...files]).problems;

test('a contract of files carries the source that says how they are read', () => {
  const { contracts, problems } = loadFiles([CONTRACT, source('till')]);
  expect(problems).toEqual([]);
  expect(contracts[0]?.ingest).toMatchObject({ from: 'files', source: { files: { format: 'jsonl', delimiter: ',' } } });
});

test('a contract of files without its source is refused at the line that asks for files', () => {
  const problem =
    "found none that describes these files, allowed: one domains/toys/sources/<source>.yaml with event toys.visits.v2 and 'files'";
  const place = /^domains\/toys\/contracts\/bronze\/visits\.odcs\.yaml:\d+:\d+: schema\[0\].*\.ingest\.from: /;
  const withoutFiles = source('till', (text) => text.replace(/files:.*\n/, ''));
  for (const files of [[], [withoutFiles]]) {
    const [first = '', ...others] = told(...files);
    expect(others).toEqual([]);
    expect(first).toMatch(place);
    expect(first.replace(place, '')).toBe(problem);
  }
});

test('two sources of one event are refused by name', () => {
  expect(told(source('till'), source('web'))).toEqual([
    expect.stringContaining('found domains/toys/sources/till.yaml, domains/toys/sources/web.yaml that describes'),
  ]);
});

test('a broken source is told with its own place, and nothing else', () => {
  expect(told(source('till', (text) => text.replace('jsonl', 'json')))).toEqual([
    expect.stringMatching(/^domains\/toys\/sources\/till\.yaml:5:10: files\.format: found 'json', allowed: csv, jsonl/),
  ]);
});

test('a source that makes ids of a masked column is refused: ids are seen by all', () => {
  expect(told(source('till', (text) => text.replace('id: visit_id', 'id: email')))).toEqual([
    expect.stringMatching(
      /visits\.odcs\.yaml:\d+:\d+: schema\[0\].*\.ingest\.event: found domains\/toys\/sources\/till\.yaml, whose id is 'email', a masked column; allowed: a column whose values may be seen$/,
    ),
  ]);
});
