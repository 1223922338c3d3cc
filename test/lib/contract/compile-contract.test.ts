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

test('what gold promises not to tell is a check that blocks, and the share of people in merged groups is kept', () => {
  const groups = '{ persons: items_sold, atLeast: 10, merged: items_sold }';
  const promises = `customProperties:
      - { property: groups, vendor: sluice, value: ${groups} }
      - property: pipeline`;
  const { checks } = compiled('gold', 'customProperties:\n      - property: pipeline', promises);
  expect(checks.filter(({ id }) => id.startsWith('groups.'))).toMatchObject([
    { id: 'groups.minimum', kind: 'minimum', columns: ['items_sold'], value: '10', onFailure: 'block' },
    { id: 'groups.merged_percent', kind: 'sql', onFailure: 'record' },
  ]);
  const rounded = 'logicalType: integer\n        customProperties: [{ property: rounded, vendor: sluice, value: 100 }]';
  expect(
    compiled('gold', 'logicalType: integer', rounded).checks.find(({ id }) => id === 'items_sold.rounded'),
  ).toEqual({
    ...{ id: 'items_sold.rounded', name: 'items_sold_rounded', kind: 'multipleOf', columns: ['items_sold'] },
    ...{ value: '100', onFailure: 'block' },
  });
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
  ['mustBe: 3', 'mustBe', [3]],
  ['mustNotBe: 3', 'mustNotBe', [3]],
  ['mustBeGreaterThan: 0', 'mustBeGreaterThan', [0]],
  ['mustBeBetween: [2, 5]', 'mustBeBetween', [2, 5]],
])('a row count that %s says what is expected of it', (yaml, operator, bounds) => {
  const check = compiled('silver', 'mustBeGreaterThan: 0', yaml).checks.find(({ id }) => id === 'not_empty');
  expect(check).toEqual({
    id: 'not_empty',
    name: 'not_empty',
    kind: 'rowCount',
    columns: [],
    expect: { operator, bounds, unit: 'rows' },
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

test.each([
  ['[0, null]', { kind: 'notMissing', values: ['0'] }],
  ['[null]', { kind: 'required' }],
])('of the missing values %s, a null fails, too', (values, question) => {
  const check = compiled('silver', '[0]', values).checks.find(({ id }) => id === 'price_known');
  expect(check).toMatchObject(question);
});

test.each([
  ['mustBeLessThan: 3', { operator: 'mustBeLessThan', bounds: [3], unit: 'rows' }],
  [
    'mustBeLessOrEqualTo: 0.5\n            unit: percent',
    { operator: 'mustBeLessOrEqualTo', bounds: [0.5], unit: 'percent' },
  ],
])('a rule may say how many rows may break it: %j', (yaml, expectation) => {
  const check = compiled('silver', '            mustBe: 0', `            ${yaml}`).checks.find(
    ({ id }) => id === 'price_known',
  );
  expect(check?.expect).toEqual(expectation);
});

test.each([
  ['logicalTypeOptions: { multipleOf: 5 }', [{ kind: 'multipleOf', value: '5' }]],
  ['logicalTypeOptions: { minimum: 1 }', [{ kind: 'minimum', value: '1' }]],
])('the option %j of a number is a check', (options, checks) => {
  expect(
    goldChecks(`logicalType: integer\n        ${options}`).filter(({ kind }) => kind !== 'required'),
  ).toMatchObject(checks);
});

test.each([
  ['email', true],
  ['password', false],
])('the format %s of a text is a check: %j', (format, isCheck) => {
  const checks = goldChecks(`logicalType: string\n        logicalTypeOptions: { format: ${format} }`);
  expect(checks.some((check) => check.kind === 'format' && check.format === format)).toBe(isCheck);
});

test('a token has not the format of what it stands for', () => {
  const yaml = 'classification: restricted\n        logicalTypeOptions: { format: email }';
  expect(rules(compiled('silver', 'classification: restricted', yaml).checks)).not.toContainEqual([
    'email.format',
    'format',
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

const SLA = (more: string) =>
  `slaProperties: [{ property: freshness, value: 2, unit: hours, element: sales.sold_on${more} }]\nteam:`;
const soldOn = (yaml: string): readonly Check[] => {
  const files = sampleFiles('gold', 'name: items_sold', 'name: sold_on').map(({ file, text }) => ({
    file,
    text: file.includes('gold')
      ? text.replace('logicalType: integer', 'logicalType: date').replace('team:', yaml)
      : text,
  }));
  return loadFiles(files).contracts.find(({ layer }) => layer === 'gold')?.checks ?? [];
};

test('a promise of freshness is a check where it says what becomes of a breach', () => {
  const custom = ', customProperties: [{ property: onFailure, vendor: sluice, value: warn }]';
  expect(soldOn(SLA('')).filter(({ kind }) => kind === 'freshness')).toEqual([]);
  expect(soldOn(SLA(custom)).filter(({ kind }) => kind === 'freshness')).toEqual([
    {
      id: 'sold_on.freshness',
      name: 'sold_on_freshness',
      kind: 'freshness',
      columns: ['sold_on'],
      expect: { operator: 'mustBeLessOrEqualTo', bounds: [120], unit: 'minutes' },
      onFailure: 'warn',
    },
  ]);
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

test.each([
  ["{ cron: '0 2 * * *' }", "'03:00'", 'UTC', { time: '03:00', timeZone: 'UTC' }],
  [
    "{ cron: '0 2 * * *', timeZone: Europe/London }",
    "'03:00'",
    'Europe/London',
    { time: '03:00', timeZone: 'Europe/London' },
  ],
  ["{ cron: '0 2 * * *', timeZone: Europe/London }", "'03:00Z'", 'Europe/London', { time: '03:00', timeZone: 'UTC' }],
])('the schedule %s with availability by %s', (schedule, time, timeZone, availableBy) => {
  const contract = compiled(
    'silver',
    'write: { mode: merge }\nslaProperties:',
    `write: { mode: merge }\n          schedule: ${schedule}\nslaProperties:\n  - { property: timeOfAvailability, value: ${time} }`,
  );
  expect(contract.schedule).toEqual({ cron: '0 2 * * *', timeZone });
  expect(contract.availableBy).toEqual(availableBy);
});
