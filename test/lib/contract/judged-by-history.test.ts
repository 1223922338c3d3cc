import { loadFiles } from './load-sample.ts';
import { sampleFiles } from './sample-contracts.ts';

/** The sample's silver table with a rule of ours instead of its own. */
const loaded = (implementation: string, more = '') =>
  loadFiles(
    sampleFiles(
      'silver',
      'metric: rowCount, mustBeGreaterThan: 0',
      `type: custom, engine: sluice, implementation: ${implementation}${more}`,
    ),
  );
const checkOf = (implementation: string, more = '') => {
  const { contracts, problems } = loaded(implementation, more);
  expect(problems).toEqual([]);
  return contracts.find(({ layer }) => layer === 'silver')?.checks.find(({ id }) => id === 'not_empty');
};

const rule = { id: 'not_empty', name: 'not_empty', onFailure: 'warn' };

test('what a rule leaves out is filled in, and it warns', () => {
  expect(checkOf('{ check: anomaly, measure: rowsIn, season: dayOfWeek }')).toEqual({
    ...{ ...rule, kind: 'anomaly', columns: [], measure: 'rowsIn' },
    usual: { season: 'dayOfWeek', minHistory: 14, deviations: 4, minChangePercent: 20, minChange: 10 },
  });
  expect(checkOf('{ check: anomaly, measure: nullShare, column: price, deviations: 6 }')).toEqual({
    ...{ ...rule, kind: 'anomaly', columns: ['price'], measure: 'nullShare' },
    usual: { season: 'none', minHistory: 14, deviations: 6, minChangePercent: 20, minChange: 1 },
  });
  expect(checkOf('{ check: drift, column: price, edges: [1, 2.5] }')).toEqual({
    ...{ ...rule, kind: 'drift', columns: ['price'], edges: ['1', '2.5'] },
    usual: { season: 'none', minHistory: 14 },
    expect: { operator: 'mustBeLessOrEqualTo', bounds: [0.2], unit: 'number' },
  });
  expect(checkOf('{ check: drift, column: toy, values: [doll, kite], threshold: 0.1, minHistory: 30 }')).toEqual({
    ...{ ...rule, kind: 'drift', columns: ['toy'], values: ['doll', 'kite'] },
    usual: { season: 'none', minHistory: 30 },
    expect: { operator: 'mustBeLessOrEqualTo', bounds: [0.1], unit: 'number' },
  });
});

test('it blocks where it says so', () => {
  const anomaly = '{ check: anomaly, measure: rowCount }';
  expect(checkOf(anomaly, ', severity: error')?.onFailure).toBe('block');
  const onFailure = ', customProperties: [{ property: onFailure, vendor: sluice, value: block }]';
  expect(checkOf(anomaly, onFailure)?.onFailure).toBe('block');
});

test.each([
  ['{ check: anomalie }', "check: found 'anomalie', allowed: reconcile, anomaly, drift; did you mean 'anomaly'?"],
  ['{ check: constructor }', "check: found 'constructor', allowed: reconcile, anomaly, drift"],
  ['{ measure: rowCount }', 'check: missing, allowed: reconcile, anomaly, drift'],
  ['text', 'check: missing, allowed: reconcile, anomaly, drift'],
  ['{ check: anomaly }', 'measure: missing, allowed: rowCount, rowsIn, nullShare'],
  ['{ check: anomaly, measure: sum }', "measure: found 'sum', allowed: rowCount, rowsIn, nullShare"],
  [
    '{ check: anomaly, measure: rowCount, season: daily }',
    "season: found 'daily', allowed: none, dayOfWeek, hourOfDay, dayOfMonth",
  ],
  ['{ check: anomaly, measure: rowCount, minHistory: 61 }', 'minHistory: found 61, allowed: at most 60'],
  ['{ check: anomaly, measure: rowCount, minHistory: 2 }', 'minHistory: found 2, allowed: at least 3'],
  ['{ check: anomaly, measure: rowCount, column: toy }', "column: found 'toy', allowed: none, since rows are counted"],
  ['{ check: anomaly, measure: nullShare }', 'column: missing, allowed: visit_id, toy, price, email'],
  [
    '{ check: anomaly, measure: nullShare, column: prise }',
    "column: found 'prise', allowed: visit_id, toy, price, email; did you mean 'price'?",
  ],
  ['{ check: drift, column: toy }', 'values: missing, allowed: a list of the usual values of a text'],
  ['{ check: drift, column: price }', 'edges: missing, allowed: a list of numbers between the ranges of a number'],
  ['{ check: drift, column: toy, values: [a], edges: [1] }', 'edges: found on toy, which is a text, allowed: values'],
  ['{ check: drift, column: toy, values: [a, a] }', 'values: found a value twice, allowed: each once'],
  ['{ check: drift, column: price, edges: [2, 1] }', 'edges[1]: found 1, allowed: more than the edge before'],
  ['{ check: drift, column: price, edges: [0.001] }', 'edges[0]: found 0.001, allowed: a value of decimal(9,2)'],
  ['{ check: drift, column: price, edges: [] }', 'edges: found a list, allowed: a list of length at least 1'],
  [
    '{ check: drift, column: gone, values: [a] }',
    "column: found 'gone', allowed: visit_id, toy, price, email; texts and numbers have buckets",
  ],
])('%s is refused with what is allowed', (implementation, problem) => {
  const told = loaded(implementation).problems.filter((line) => line.includes('implementation.'));
  expect(told.map((line) => line.replace(/^.*?implementation\./, ''))).toEqual([problem]);
});

test('an operator would say what earlier runs say, and no single row is unusual', () => {
  const found = (more: string) =>
    loaded('{ check: anomaly, measure: rowCount }', more).problems.map((line) =>
      line.replace(/^.*?quality\[0\]\./, ''),
    );
  expect(found(', mustBe: 5')).toEqual(['mustBe: found 5, allowed: none; earlier runs say what is usual']);
  expect(found(', unit: percent')).toEqual(["unit: found 'percent', allowed: none; earlier runs say what is usual"]);
  expect(found(', customProperties: [{ property: onFailure, vendor: sluice, value: quarantine }]')).toEqual([
    expect.stringContaining("onFailure: found 'quarantine', allowed: block, warn; custom judges the whole table"),
  ]);
});
