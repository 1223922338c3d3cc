import type { Check, Column, Contract } from '../../../lib/contract/contract.ts';
import { loadFiles } from './load-sample.ts';
import { type SampleLayer, sampleFiles } from './sample-contracts.ts';

/** The sample's contract of a layer, with one text of its file exchanged for another. */
function compiled(layer: SampleLayer, found: string, put: string): Contract {
  const { contracts, problems } = loadFiles(sampleFiles(layer, found, put));
  expect(problems).toEqual([]);
  return contracts.find((contract) => contract.layer === layer)!;
}

const goldColumn = (yaml: string): Column => compiled('gold', 'logicalType: integer', yaml).columns[1]!;
const goldChecks = (yaml: string): Check[] =>
  compiled('gold', 'logicalType: integer', yaml).checks.filter(({ columns }) => columns.includes('items_sold'));

test.each([
  ['logicalType: integer', 'long'],
  ['logicalType: integer\n        physicalType: int', 'int'],
  ['logicalType: integer\n        physicalType: bigint', 'long'],
  ['logicalType: number\n        physicalType: double', 'double'],
  ['logicalType: number\n        physicalType: decimal(18, 4)', 'decimal(18,4)'],
  ['logicalType: string', 'string'],
  ['logicalType: boolean', 'boolean'],
  ['logicalType: date', 'date'],
  ['logicalType: timestamp', 'timestamp'],
])('%j is stored as %s', (yaml, type) => {
  expect(goldColumn(yaml).type).toBe(type);
});

test('nested rows keep their members', () => {
  const items = compiled('bronze', 'name: items', 'name: items').columns[2];
  expect(items).toMatchObject({
    type: 'array',
    items: {
      type: 'struct',
      fields: [
        { name: 'toy', type: 'string', required: true },
        { name: 'price', type: 'decimal(9,2)' },
      ],
    },
  });
});

test.each([
  [['pii'], 'direct'],
  [['pii', 'pii.email'], 'direct'],
  [['pii.indirect'], 'indirect'],
  [['pii', 'pii.indirect', 'pii.special'], 'special'],
  [['piibe'], 'none'],
])('tags %j make a column %s personal data', (tags, pii) => {
  const column = compiled('silver', 'tags: [pii]', `tags: [${tags.join(', ')}]`).columns[3];
  expect(column?.pii).toBe(pii);
});

test('a masking of none is not a masking', () => {
  const yaml =
    'logicalType: string\n        customProperties: [{ property: masking, vendor: sluice, value: { method: none, from: bronze } }]';
  expect(goldColumn(yaml).masking).toBeUndefined();
});

test('an entry of ours is read without its vendor, which ODCS 3.1 does not know', () => {
  const { columns } = compiled('silver', 'property: masking, vendor: sluice', 'property: masking');
  expect(columns[3]?.masking).toEqual({ method: 'tokenise', from: 'bronze' });
});

test('custom properties of other vendors are left alone', () => {
  const yaml = 'logicalType: string\n        customProperties: [{ property: masking, vendor: other, value: 7 }]';
  expect(goldColumn(yaml).masking).toBeUndefined();
});

test('the facts of a column are checks that block', () => {
  const yaml = 'logicalType: integer\n        logicalTypeOptions: { minimum: -1, exclusiveMaximum: 9 }';
  expect(goldChecks(yaml)).toEqual([
    {
      id: 'items_sold.required',
      name: 'items_sold_required',
      kind: 'required',
      columns: ['items_sold'],
      onFailure: 'block',
    },
    {
      id: 'items_sold.minimum',
      name: 'items_sold_minimum',
      kind: 'minimum',
      columns: ['items_sold'],
      value: '-1',
      onFailure: 'block',
    },
    {
      id: 'items_sold.exclusiveMaximum',
      name: 'items_sold_exclusiveMaximum',
      kind: 'exclusiveMaximum',
      columns: ['items_sold'],
      value: '9',
      onFailure: 'block',
    },
  ]);
});

test('a column says what its own facts do', () => {
  const { checks } = compiled(
    'silver',
    'logicalType: string\n        required',
    `logicalType: string
        logicalTypeOptions: { pattern: '^v' }
        customProperties:
          - { property: onFailure, vendor: sluice, value: quarantine }
          - { property: blockAbovePercent, vendor: sluice, value: 2.5 }
        required`,
  );
  expect(checks.filter(({ columns }) => columns.join() === 'visit_id')).toMatchObject([
    { kind: 'required', onFailure: 'quarantine', blockAbovePercent: 2.5 },
    { kind: 'pattern', value: '^v', onFailure: 'quarantine', blockAbovePercent: 2.5 },
  ]);
});

test.each([
  ['bronze', []],
  ['silver', [['visit_id', 'toy']]],
  ['gold', [['toy']]],
] as const)('of %s, the keys %j are unique, as events repeat on bronze only', (layer, keys) => {
  const { checks } = compiled(layer, 'someone', 'someone');
  expect(checks.filter(({ kind }) => kind === 'unique').map(({ columns }) => columns)).toEqual(keys);
});

test.each([
  ['mustBe: 3', { min: 3, max: 3 }],
  ['mustBeGreaterThan: 0', { min: 1 }],
  ['mustBeGreaterThan: 0.5', { min: 1 }],
  ['mustBeGreaterOrEqualTo: 2', { min: 2 }],
  ['mustBeLessThan: 9', { max: 8 }],
  ['mustBeLessOrEqualTo: 9.5', { max: 9 }],
  ['mustBeBetween: [2, 5]', { min: 2, max: 5 }],
])('a row count that %s has inclusive bounds', (operator, bounds) => {
  const check = compiled('silver', 'mustBeGreaterThan: 0', operator).checks.find(({ id }) => id === 'not_empty');
  expect(check).toEqual({
    id: 'not_empty',
    name: 'not_empty',
    kind: 'rowCount',
    columns: [],
    ...bounds,
    onFailure: 'block',
  });
});

const RULE = 'metric: missingValues\n            arguments: { missingValues: [0] }';

test.each([
  ['metric: nullValues', [{ kind: 'required' }]],
  [
    'metric: missingValues\n            arguments: { missingValues: [0, 1.5] }',
    [{ kind: 'notIn', values: ['0', '1.5'] }],
  ],
  ['metric: invalidValues\n            arguments: { validValues: [1, 2] }', [{ kind: 'enum', values: ['1', '2'] }]],
  ['metric: duplicateValues', [{ kind: 'unique', columns: ['price'] }]],
  ['type: library\n            metric: nullValues', [{ kind: 'required' }]],
])('the rule %j is a check of its column', (yaml, checks) => {
  const rules = compiled('silver', RULE, yaml).checks.filter(({ name }) => name === 'price_known');
  expect(rules).toMatchObject(checks);
});

test('a null among missing values is a check of its own, because checks of values pass over nulls', () => {
  const rule = compiled('silver', '[0]', '[0, null]').checks.filter(({ name }) => name.startsWith('price_known'));
  expect(rules(rule)).toEqual([
    ['price_known', 'notIn'],
    ['price_known.required', 'required'],
  ]);
});

test('prose checks nothing', () => {
  const put = 'type: text\n            description: Prices look like prices.';
  const { checks } = compiled('silver', `${RULE}\n            mustBe: 0`, put);
  expect(checks.filter(({ name }) => name === 'price_known')).toEqual([]);
});

test.each([
  ['error', 'block'],
  ['warning', 'warn'],
  ['info', 'record'],
])('a rule of severity %s leads to %s', (severity, onFailure) => {
  const { checks } = compiled(
    'silver',
    '            mustBe: 0',
    `            mustBe: 0\n            severity: ${severity}`,
  );
  expect(checks.find(({ id }) => id === 'price_known')?.onFailure).toBe(onFailure);
});

test('a rule that repeats a fact of its column, for tools that read rules only, replaces it', () => {
  const yaml = `logicalType: string
        enum: [{ value: b }, { value: a }]
        quality:
          - { id: known, name: known, metric: invalidValues, arguments: { validValues: [a, b] }, mustBe: 0, severity: warning }`;
  expect(rules(goldChecks(yaml))).toEqual([
    ['items_sold.required', 'required'],
    ['known', 'enum'],
  ]);
});

test.each([
  ['value: 30, unit: minutes', 30],
  ['value: 2, unit: hours', 120],
  ['value: 1, unit: day', 1440],
  ['value: PT1H30M', 90],
  ['value: P1D', 1440],
])('a freshness of {%s} is %d minutes', (yaml, minutes) => {
  expect(compiled('silver', 'value: 2, unit: hours', yaml).slas.freshness?.minutes).toBe(minutes);
});

test.each(['value: P, unit: hours', 'value: PT', 'value: P1Y', 'value: 0, unit: hours', 'value: 5'])(
  'a freshness of {%s} is refused',
  (yaml) => {
    expect(loadFiles(sampleFiles('silver', 'value: 2, unit: hours', yaml)).problems).toHaveLength(1);
  },
);

test('the key is in the order of its positions', () => {
  const { write, checks } = compiled('silver', 'primaryKeyPosition: 1', 'primaryKeyPosition: 3');
  expect(write.keys).toEqual(['toy', 'visit_id']);
  expect(checks.find(({ kind }) => kind === 'unique')?.columns).toEqual(['toy', 'visit_id']);
});

const rules = (checks: readonly Check[]): string[][] => checks.map(({ id, kind }) => [id, kind]);
