import { loadFiles } from './load-sample.ts';
import { sampleFiles } from './sample-contracts.ts';

const old = (found: string, put: string) => {
  const files = sampleFiles('gold', found, put);
  const head = 'apiVersion: v3.1.0\nstatus: active\n';
  return loadFiles(
    files.map((each) => (each.file.includes('/gold/') ? { ...each, text: aged(head, each.text) } : each)),
  );
};
const aged = (head: string, text: string) =>
  text.replace('apiVersion: v3.2.0\n', head).replace('vendor: sluice\n        ', '');

test('a contract of v3.1.0 is read, its custom properties without vendors', () => {
  const { contracts, problems } = old('gold', 'gold');
  expect(problems).toEqual([]);
  expect(contracts).toHaveLength(3);
});

const COLUMN = 'logicalType: integer';
const PLACE = 'schema[0].properties[1].';

test.each([
  ['enum', COLUMN, `${COLUMN}\n        enum: [{ value: 1 }]`, `${PLACE}enum`],
  ['semanticType', COLUMN, `${COLUMN}\n        semanticType: measure`, `${PLACE}semanticType`],
  ['deprecated', COLUMN, `${COLUMN}\n        deprecated: true`, `${PLACE}deprecated`],
  ['synonyms', COLUMN, `${COLUMN}\n        synonyms: [{ synonym: a }]`, `${PLACE}synonyms`],
  ['context', 'schema:\n', 'context: Ask nobody.\nschema:\n', 'context'],
  [
    'vendor',
    COLUMN,
    `${COLUMN}\n        customProperties: [{ property: a, vendor: other, value: { customProperties: [{ vendor: b }] } }]`,
    `${PLACE}customProperties[0].vendor`,
  ],
  [
    'customProperties',
    'schema:\n',
    'slaProperties: [{ property: latency, value: PT1H, customProperties: [] }]\nschema:\n',
    'slaProperties[0].customProperties',
  ],
  ['id', COLUMN, `${COLUMN}\n        relationships: [{ id: a, to: sales.items_sold }]`, `${PLACE}relationships[0].id`],
  ['hana', 'schema:\n', 'servers: [{ server: a, type: hana, host: b }]\nschema:\n', 'servers[0].type'],
  [
    '5432',
    'schema:\n',
    "servers: [{ server: a, type: hive, host: b, database: c, port: '5432' }]\nschema:\n",
    'servers[0].port',
  ],
])('v3.1.0 does not have %s', (word, found, put, place) => {
  const { problems } = old(found, put);
  expect(problems).toEqual([
    expect.stringContaining(`${place}: found '${word}', v3.1.0 does not have it; set apiVersion: v3.2.0`),
  ]);
});

test.each([
  ['status', 'gold', 'gold', 'status: missing, allowed: any text, such as active; v3.1.0 needs it'],
  [
    'stagingDir of Athena',
    'schema:\n',
    'status: active\nservers: [{ server: a, type: athena, schema: b }]\nschema:\n',
    'servers[0].stagingDir: missing, allowed: text; v3.1.0 needs it',
  ],
])('v3.1.0 needs the %s', (_, found, put, expected) => {
  const files = sampleFiles('gold', found, put);
  const { problems } = loadFiles(
    files.map((each) =>
      each.file.includes('/gold/') ? { ...each, text: aged('apiVersion: v3.1.0\n', each.text) } : each,
    ),
  );
  expect(problems).toEqual([expect.stringContaining(expected)]);
});
