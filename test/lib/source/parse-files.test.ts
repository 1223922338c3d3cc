import { formatProblem, InvalidFilesError } from '../../../lib/contract/problem.ts';
import { parseSourceMapping } from '../../../lib/source/parse-source-mapping.ts';

const MAPPING = `source: /toys/depot
event: toys.counts.v1
id: product
time: at
files:
  format: csv
csv:
  data:
    product: { from: Product }
    at: { from: Date, as: timestamp, format: yyyy-MM-dd }
`;

function problemsOf(found: string, put: string): string[] {
  if (!MAPPING.includes(found)) throw new Error(`the mapping has no '${found}'; the test would test nothing`);
  try {
    parseSourceMapping('depot.yaml', MAPPING.replace(found, put));
    return [];
  } catch (error) {
    if (error instanceof InvalidFilesError) return error.problems.map(formatProblem);
    throw error;
  }
}

test('files are comma-separated UTF-8 with quotes, unless the mapping says otherwise', () => {
  expect(parseSourceMapping('depot.yaml', MAPPING).files).toEqual({
    format: 'csv',
    encoding: 'utf-8',
    delimiter: ',',
    quote: '"',
  });
});

test.each([
  ['format: csv', 'format: xml', /files\.format: found 'xml', allowed: csv, jsonl, parquet, avro/],
  ['format: csv', 'format: csv\n  encoding: ebcdic', /files\.encoding: found 'ebcdic', allowed: utf-8, latin1/],
  ['format: csv', "format: csv\n  delimiter: ';;'", /files\.delimiter/],
  ['format: csv', "format: csv\n  delimiter: '\"'", /files\.quote: found ", which is the delimiter too/],
  ['format: csv', 'format: csv\n  header: [Product]', /files\.header: has no column 'Date', which csv reads/],
  ['csv:\n', 'csv:\n  groupBy: Product\n', /csv\.groupBy: found beside 'files'/],
  [MAPPING.slice(MAPPING.indexOf('csv:\n')), '', /csv: missing, allowed: the values of an event/],
])('%j as %j is refused with its place', (found, put, problem) => {
  expect(problemsOf(found, put)).toEqual([expect.stringMatching(problem)]);
});

test('other formats need no mapping of columns', () => {
  const jsonl = MAPPING.slice(0, MAPPING.indexOf('csv:\n')).replace('format: csv', 'format: jsonl');
  expect(parseSourceMapping('depot.yaml', jsonl)).toMatchObject({ files: { format: 'jsonl' } });
});
