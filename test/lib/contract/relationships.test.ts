import type { Relationship } from '../../../lib/contract/contract.ts';
import { loadFiles } from './load-sample.ts';
import { SILVER, sampleFiles } from './sample-contracts.ts';

/** A second silver table, which items can refer to: its column ids are not its column names. */
const TOYS = SILVER.replace('toys-silver-items', 'toys-silver-toys')
  .replace('- name: items\n', '- id: toys_table\n    name: toys\n')
  .replace('- name: toy\n', '- id: toy_key\n        name: toy\n');
const TOYS_FILE = 'domains/toys/contracts/silver/toys.odcs.yaml';

const ON_COLUMN = 'classification: internal\n        quality:';
const column = (yaml: string) =>
  `classification: internal\n        relationships:\n          - ${yaml}\n        quality:`;
const ON_TABLE = '    quality:\n      - { id: not_empty';
const table = (yaml: string) => `    relationships:\n      - ${yaml}\n${ON_TABLE}`;

/** The relationships of `items`, whose column `price` or whose table declares one. */
function linked(found: string, put: string): { relationships: readonly Relationship[]; problems: readonly string[] } {
  const files = [...sampleFiles('silver', found, put), { file: TOYS_FILE, text: TOYS }];
  const { contracts, problems } = loadFiles(files);
  const own = contracts.find((contract) => contract.table === 'items' && contract.layer === 'silver');
  return {
    relationships: own?.relationships ?? [],
    problems: problems.map((line) => line.replace('domains/toys/contracts/silver/items.odcs.yaml:', '')),
  };
}

const REFUSING = 'customProperties: [{ property: onFailure, vendor: sluice, value: quarantine }]';
const TO_PRICE = { columns: ['price'], target: { table: 'toys.silver.toys', columns: ['price'] } };
const TO_KEY = {
  columns: ['visit_id', 'toy'],
  target: { table: 'toys.silver.toys', columns: ['visit_id', 'toy'] },
};

test.each([
  ['a name', '{ to: toys.price }', TO_PRICE],
  ['a path of ids in a file', "{ to: 'toys.odcs.yaml#/schema/toys_table/properties/price' }", TO_PRICE],
  ['a path without its first slash', "{ to: 'toys.odcs.yaml#schema/toys_table/properties/price' }", TO_PRICE],
  ['a path from another folder', "{ to: '../silver/toys.odcs.yaml#/schema/toys_table/properties/price' }", TO_PRICE],
  ['a list of one', '{ to: [toys.price] }', TO_PRICE],
  [
    'a column of the table itself',
    '{ to: items.price }',
    { columns: ['price'], target: { table: 'toys.silver.items', columns: ['price'] } },
  ],
  [
    'a path in this file',
    "{ to: '/schema/items/properties/price' }",
    { columns: ['price'], target: { table: 'toys.silver.items', columns: ['price'] } },
  ],
])('a column refers to another by %s', (_, yaml, expected) => {
  const { relationships, problems } = linked(ON_COLUMN, column(yaml));
  expect(problems).toEqual([]);
  expect(relationships).toEqual([{ id: 'price.foreignKey', ...expected, onFailure: 'block' }]);
});

test.each([
  ['names', '{ id: fk, from: [items.visit_id, items.toy], to: [toys.visit_id, toys.toy] }'],
  [
    'ids',
    "{ id: fk, from: [/schema/items/properties/visit_id, items.toy], to: [toys.visit_id, 'toys.odcs.yaml#/schema/toys_table/properties/toy_key'] }",
  ],
])('a table refers to another by a key of two columns, by %s', (_, yaml) => {
  const { relationships, problems } = linked(ON_TABLE, table(yaml));
  expect(problems).toEqual([]);
  expect(relationships).toEqual([{ id: 'fk', ...TO_KEY, onFailure: 'block' }]);
});

test('a relationship says what becomes of orphans', () => {
  const custom = `{ to: toys.price, customProperties: [{ property: onFailure, vendor: sluice, value: warn }] }`;
  expect(linked(ON_COLUMN, column(custom)).relationships).toEqual([
    { id: 'price.foreignKey', ...TO_PRICE, onFailure: 'warn' },
  ]);
});

test('orphans may be refused, up to a share of the rows', () => {
  const custom = `{ to: toys.price, ${REFUSING.replace(']', ', { property: blockAbovePercent, vendor: sluice, value: 2 }]')} }`;
  expect(linked(ON_COLUMN, column(custom))).toEqual({
    relationships: [{ id: 'price.foreignKey', ...TO_PRICE, onFailure: 'quarantine', blockAbovePercent: 2 }],
    problems: [],
  });
});

/** A domain in which `toys` refers to `items`, which refers to it. */
const circle = (own: string, other: string) =>
  loadFiles([
    ...sampleFiles('silver', ON_COLUMN, column(`{ to: toys.price${own} }`)),
    { file: TOYS_FILE, text: TOYS.replace(ON_COLUMN, column(`{ to: items.price${other} }`)) },
  ]).problems;

test('tables that refer to one another cannot both refuse orphans, since one is refined first', () => {
  expect(circle('', `, ${REFUSING}`)).toEqual([]);
  const place = '28:31: schema[0].properties[2].relationships[0].customProperties';
  const found = "onFailure: found 'quarantine', allowed: block, warn";
  const fix = 'each would have to be refined before the other; one of them may block or warn';
  expect(circle(`, ${REFUSING}`, `, ${REFUSING}`)).toEqual([
    `domains/toys/contracts/silver/items.odcs.yaml:${place}: ${found}; toys.silver.items → toys.silver.toys → toys.silver.items: ${fix}`,
    `${TOYS_FILE}:30:32: schema[0].properties[2].relationships[0].customProperties: ${found}; toys.silver.toys → toys.silver.items → toys.silver.toys: ${fix}`,
  ]);
});

test('rows of gold are not refined one by one, so no orphan of theirs can be refused', () => {
  const { problems } = loadFiles(
    sampleFiles(
      'gold',
      'logicalType: integer',
      `logicalType: integer\n        relationships: [{ to: sales.items_sold, ${REFUSING} }]`,
    ),
  );
  expect(problems).toEqual([
    expect.stringMatching(/onFailure: found 'quarantine', allowed: block, warn; rows of gold are not refined/),
  ]);
});

test('what rows refer to has rows of its own: a view shows those of another table', () => {
  const files = sampleFiles('silver', ON_COLUMN, column('{ to: items_v1.price }'));
  const view = SILVER.replace('toys-silver-items', 'toys-silver-items-v1')
    .replace('- name: items\n', '- name: items_v1\n')
    .replace('version: 1.0.0', 'version: 0.9.0')
    .replace(/inputs: .*\n *write: .*/, 'versionOf: toys.silver.items\n          write: { mode: view }')
    .replace('slaProperties:', 'slaProperties:\n  - { property: endOfLife, value: 2099-01-31 }');
  const { problems } = loadFiles([...files, { file: 'domains/toys/contracts/silver/items_v1.odcs.yaml', text: view }]);
  expect(problems).toEqual([
    expect.stringContaining('to: found a view, allowed: the table whose rows it shows, toys.silver.items'),
  ]);
});

test('a relationship is a check: what a row refers to must be there', () => {
  const { contracts } = loadFiles([
    ...sampleFiles('silver', ON_COLUMN, column('{ to: toys.price }')),
    { file: TOYS_FILE, text: TOYS },
  ]);
  const own = contracts.find((contract) => contract.table === 'items' && contract.layer === 'silver');
  expect(own?.checks.filter(({ kind }) => kind === 'foreignKey')).toEqual([
    {
      id: 'price.foreignKey',
      name: 'price.foreignKey',
      kind: 'foreignKey',
      columns: ['price'],
      references: TO_PRICE.target,
      onFailure: 'block',
    },
  ]);
});

const TABLE = '40:9: schema[0].relationships[0]';
const afterPlace = (line: string): string => line.replace(/^\d+:\d+: /, '');

test.each([
  [
    'a table that is not there',
    '{ to: tois.price }',
    "to: found 'tois', allowed: items, toys; did you mean 'toys'?; these are the tables of toys.silver",
  ],
  [
    'a column that is not there',
    '{ to: toys.prices }',
    "to: found 'prices', allowed: visit_id, toy, price, email; did you mean 'price'?; these are the columns of domains/toys/contracts/silver/toys.odcs.yaml",
  ],
  [
    'a file that is not there',
    "{ to: 'tois.odcs.yaml#/schema/toys/properties/price' }",
    "to: found 'tois.odcs.yaml', allowed: ../bronze/visits.odcs.yaml, ../gold/sales.odcs.yaml, items.odcs.yaml, toys.odcs.yaml; did you mean 'toys.odcs.yaml'?; a path is relative to the folder of this file",
  ],
  [
    'a table that a file does not hold',
    "{ to: 'toys.odcs.yaml#/schema/other/properties/price' }",
    "to: found 'other', allowed: toys_table; this is the table of domains/toys/contracts/silver/toys.odcs.yaml",
  ],
  [
    'a column by its name where it has an id',
    "{ to: 'toys.odcs.yaml#/schema/toys_table/properties/toy' }",
    "to: found 'toy', allowed: visit_id, toy_key, price, email; these are the columns of domains/toys/contracts/silver/toys.odcs.yaml",
  ],
  ['a column of another type', '{ to: toys.toy }', 'to: found toy of type string, allowed: decimal(9,2), as price has'],
  [
    'its own table, where orphans are refused',
    `{ to: items.price, ${REFUSING} }`,
    "customProperties: onFailure: found 'quarantine', allowed: block, warn; rows of toys.silver.items are judged before they are merged, so those of one run would not find one another",
  ],
  ['a nested value', '{ to: toys.price.amount }', "to: found 'toys.price.amount', a nested value, allowed: a column"],
  [
    'two columns for one',
    '{ to: [toys.price, toys.price] }',
    'to: found 2 columns of toys.silver.toys, allowed: 1 of one table, as many as refer',
  ],
  [
    'a table of bronze, where rows repeat',
    "{ to: '../bronze/visits.odcs.yaml#/schema/visits/properties/visit_id' }",
    'to: found a table of bronze, allowed: of silver',
  ],
  [
    'no place at all',
    '{ to: price }',
    "to: found 'price', allowed: <table>.<column>, /schema/<id>/properties/<id>, <file>.odcs.yaml#/schema/<id>/properties/<id>",
  ],
])('a column must not refer to %s', (_, yaml, expected) => {
  const { problems } = linked(ON_COLUMN, column(yaml));
  expect(problems).toEqual([expect.stringMatching(/^28:\d+: /)]);
  expect(problems.map(afterPlace)).toEqual([`schema[0].properties[2].relationships[0].${expected}`]);
});

test.each([
  [
    'lists of different lengths',
    '{ from: [items.visit_id, items.toy], to: [toys.toy] }',
    `${TABLE}: from and to differ in form, allowed: one column each, or lists of the same length`,
  ],
  [
    'columns of another table as its own',
    '{ from: toys.toy, to: toys.toy }',
    "40:11: schema[0].relationships[0].from: found 'toys.silver.toys', allowed: toys.silver.items; a key is of its own table",
  ],
  [
    'columns of two tables',
    '{ from: [items.visit_id, items.toy], to: [toys.visit_id, items.toy] }',
    '40:46: schema[0].relationships[0].to: found 2 columns of toys.silver.toys and toys.silver.items, allowed: 2 of one table, as many as refer',
  ],
])('a table must not refer by %s', (_, yaml, expected) => {
  expect(linked(ON_TABLE, table(yaml)).problems.map((line) => line.replace(/; did you mean '[^']*'\?/, ''))).toEqual([
    expected,
  ]);
});

test('a reference to a contract that is itself at fault is told once, with that contract', () => {
  const files = sampleFiles('silver', ON_COLUMN, column('{ to: toys.price }'));
  const { problems } = loadFiles([
    ...files,
    { file: TOYS_FILE, text: TOYS.replace('logicalType: number', 'logicalType: numbr') },
  ]);
  expect(problems).toHaveLength(1);
});
