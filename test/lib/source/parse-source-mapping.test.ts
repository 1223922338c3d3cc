import { formatProblem, InvalidFilesError } from '../../../lib/contract/problem.ts';
import { parseSourceMapping } from '../../../lib/source/parse-source-mapping.ts';
import { readerOf } from '../../../lib/source/read-value.ts';

const MAPPING = `source: /toys/till
event: toys.visits.v1
id: visit_id
time: at
csv:
  groupBy: Visit
  data:
    visit_id: { from: Visit }
    at: { from: Date, as: timestamp, format: d/M/yyyy H:mm, timeZone: '+01:00' }
    items:
      eachRow:
        price: { from: Price, as: decimal }
`;

function problemsOf(found: string, put: string): string[] {
  if (!MAPPING.includes(found)) throw new Error(`the mapping has no '${found}'; the test would test nothing`);
  try {
    parseSourceMapping('till.yaml', MAPPING.replace(found, put));
    return [];
  } catch (error) {
    if (error instanceof InvalidFilesError) return error.problems.map(formatProblem);
    throw error;
  }
}

test('a mapping without faults names all columns that it reads', () => {
  expect(parseSourceMapping('till.yaml', MAPPING)).toMatchObject({
    source: '/toys/till',
    event: 'toys.visits.v1',
    csv: { groupBy: 'Visit', columns: ['Visit', 'Date', 'Price'] },
  });
});

test('a source may have no CSV files', () => {
  expect(parseSourceMapping('till.yaml', MAPPING.slice(0, MAPPING.indexOf('csv')))).not.toHaveProperty('csv');
});

test.each([
  [
    'groupBy',
    'grupBy',
    "till.yaml:6:3: csv.grupBy: unknown key: found 'grupBy', allowed: groupBy, data; did you mean 'groupBy'?",
  ],
  [
    'as: decimal',
    'as: decimel',
    "till.yaml:12:31: csv.data.items.eachRow.price.as: found 'decimel', allowed: text, integer, decimal, timestamp, boolean; did you mean 'decimal'?",
  ],
  [
    '{ from: Visit }',
    '{ from: Visit, const: 1 }',
    "till.yaml:8:30: csv.data.visit_id.const: found beside 'from', allowed: one, of from, const, rowNumber, eachRow",
  ],
  [
    '{ from: Visit }',
    '{ form: Visit }',
    "till.yaml:8:17: csv.data.visit_id.form: unknown key: found 'form', allowed: from, const, rowNumber, as, format, timeZone, startsWith, stripSuffix, eachRow; did you mean 'from'?",
  ],
  [
    '{ from: Visit }',
    '{ const: 1, as: integer }',
    "till.yaml:8:27: csv.data.visit_id.as: found beside 'const', allowed: const",
  ],
  [
    '{ from: Visit }',
    '{ from: Visit, as: text, format: x }',
    "till.yaml:8:40: csv.data.visit_id.format: found beside 'from', allowed: from, as, stripSuffix, startsWith",
  ],
  [
    '{ from: Visit }',
    '{ from: Visit, startsWith: C, as: text }',
    "till.yaml:8:45: csv.data.visit_id.as: found beside 'startsWith', which is true or false by itself",
  ],
  [
    'd/M/yyyy H:mm',
    'd/M/yy',
    "till.yaml:9:38: csv.data.at.format: found 'd/M/yy', allowed: yyyy, MM, M, dd, d, HH, H, mm, ss and signs between them",
  ],
  [
    "'+01:00'",
    'Mars',
    "till.yaml:9:61: csv.data.at.timeZone: found 'Mars', allowed: text that matches /^(UTC|[+-](0\\d|1[0-4]):[0-5]\\d)$/",
  ],
  [
    'id: visit_id',
    'id: visitid',
    "till.yaml:3:1: id: found 'visitid', allowed: visit_id, at; did you mean 'visit_id'?",
  ],
  ['time: at', 'time: items', "till.yaml:4:1: time: found 'items', allowed: visit_id, at"],
  [
    'toys.visits.v1',
    'toys.visits',
    "till.yaml:2:1: event: found 'toys.visits', allowed: text that matches /^[a-z][a-z0-9_]*\\.[a-z][a-z0-9_]*\\.v\\d+$/",
  ],
])('%s turned to %s is refused with its place and what is allowed', (found, put, problem) => {
  expect(problemsOf(found, put)).toEqual([problem]);
});

test.each([
  ['yyyy-MM-dd HH:mm:ss', 'UTC', '2010-12-01 08:26:00', '2010-12-01T08:26:00Z'],
  ['d/M/yyyy H:mm', '+01:00', '1/2/2011 8:05', '2011-02-01T08:05:00+01:00'],
  ['yyyyMMdd', 'UTC', '20110201', '2011-02-01T00:00:00Z'],
  ['yyyy-MM-ddTHH:mm:ss', '-05:30', '2011-02-01T01:02:03', '2011-02-01T01:02:03-05:30'],
  ['yyyy.MM.dd', 'UTC', '2011-02-01', '2011-02-01'],
])('of format %s in zone %s, %s is %s', (format, timeZone, text, timestamp) => {
  expect(readerOf({ from: 'a', as: 'timestamp', format, timeZone })({ a: text }, 1)).toBe(timestamp);
});

test.each([
  ['true', true],
  ['FALSE', false],
  ['maybe', 'maybe'],
])('the boolean %s is read as %s', (text, value) => {
  expect(readerOf({ from: 'a', as: 'boolean' })({ a: text }, 1)).toBe(value);
});
