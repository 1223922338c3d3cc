import { IMPORTERS, type ImportFormat } from '../../../../lib/contract/import/importers.ts';
import { imported } from './import-sample.ts';

const columnsOf = ({ contract }: Awaited<ReturnType<typeof imported>>) =>
  contract.columns.map(({ name, type, required }) => `${name} ${type}${required ? ' required' : ''}`);
const kept = (properties: { property: string; value: unknown }[] = []) =>
  Object.fromEntries(properties.map(({ property, value }) => [property, value]));

describe('a collector', () => {
  const COLLECTOR = `
name: orders
source: kafka://orders.v1
schema_format: avro
dlq: orders-dlq
transformations: [dedupe(keys: [order_id, line_no]), pii_mask(fields: [email]), uppercase(fields: [country])]
sinks: [{table: lake.orders}, {table: lake.orders_copy}]
`;

  test('becomes a bronze table with a key and masked columns, and keeps all that has no equal', async () => {
    const found = await imported('collector', COLLECTOR);
    expect(columnsOf(found)).toEqual(['order_id string required', 'line_no string required', 'email string']);
    expect(found.contract).toMatchObject({
      layer: 'bronze',
      table: 'orders',
      ingest: { from: 'stream', event: 'shop.orders.v1', key: 'order_id' },
    });
    expect(found.contract.columns[2]).toMatchObject({ pii: 'direct', masking: { method: 'tokenise', from: 'bronze' } });
    expect(kept(found.odcs.customProperties)).toEqual({
      'collector.source': 'kafka://orders.v1',
      'collector.schema_format': 'avro',
      'collector.dlq': 'orders-dlq',
      'collector.sinks': ['lake.orders_copy'],
      'collector.uppercase': 'uppercase(fields: [country])',
    });
  });

  test('every key that has no equal is listed', async () => {
    const { losses } = await imported('collector', COLLECTOR);
    for (const key of ['source', 'schema_format', 'dlq', 'sinks', 'transformations.uppercase'])
      expect(losses).toContainEqual(expect.stringMatching(new RegExp(`^${key}: `)));
  });

  test.each(['[dedupe(keys: [id])]', '["dedupe(keys: [id])"]', '\n  - dedupe(keys: [id])', '[{dedupe: {keys: [id]}}]'])(
    'transformations: %s is understood',
    async (transformations) => {
      const { contract } = await imported('collector', `name: a\ntransformations: ${transformations}\n`);
      expect(contract.write.keys).toEqual(['id']);
    },
  );
});

describe('a product file', () => {
  const PRODUCT = `
name: orders
slo: {freshness_p95: "<=10m", completeness: "null_rate(total_usd) <= 0.1%", uptime: "99.9%"}
policies: {required: [masking, row_access]}
columns:
  - {name: order_id, tests: [not_null, unique]}
  - {name: total_usd, type: 'decimal(18,2)', tests: [positive, {dbt_utils.at_least_one: {}}]}
freshness: {warn_after: 2 hours, error_after: 4 hours}
`;

  test('its promises become a service level and a rule', async () => {
    const { odcs, contract } = await imported('collector', PRODUCT);
    expect(contract.checks).toContainEqual(expect.objectContaining({ id: 'total_usd_null_rate', onFailure: 'block' }));
    expect(odcs.slaProperties).toEqual([
      {
        ...{ id: 'sla_fresh', property: 'freshness', value: 10, unit: 'minutes' },
        customProperties: [
          { property: 'slo', vendor: 'sluice', value: { objective: 95, windowDays: 28, alert: 'burnRate' } },
        ],
      },
    ]);
    expect(odcs.schema[0].properties[1].quality).toEqual([
      {
        ...{ id: 'total_usd_null_rate', name: 'total_usd_null_rate', metric: 'nullValues', unit: 'percent' },
        ...{ mustBeLessOrEqualTo: 0.1, severity: 'error' },
      },
    ]);
    expect(odcs.schema[0].properties[1].logicalTypeOptions).toEqual({ exclusiveMinimum: 0 });
    expect(odcs.schema[0].properties[0]).toMatchObject({ required: true, unique: true, primaryKey: true });
  });

  test('nothing of it is lost', async () => {
    const { odcs, losses } = await imported('collector', PRODUCT);
    expect(kept(odcs.customProperties)).toEqual({
      'collector.slo.uptime': '99.9%',
      'collector.policies': { required: ['masking', 'row_access'] },
      'collector.freshness': { warn_after: '2 hours', error_after: '4 hours' },
    });
    expect(kept(odcs.schema[0].properties[1].customProperties)).toEqual({
      'dbt.test.dbt_utils.at_least_one': { 'dbt_utils.at_least_one': {} },
    });
    expect(losses).toHaveLength(4);
  });

  test('dbt-like freshness alone is the service level, what warns being agreed', async () => {
    const { odcs } = await imported(
      'collector',
      'name: a\ncolumns: [{name: id}]\nfreshness: {warn_after: 2 hours, error_after: 4 hours}',
    );
    expect(odcs.slaProperties).toEqual([
      { id: 'sla_fresh', property: 'freshness', value: 120, valueExt: 240, unit: 'minutes' },
    ]);
  });
});

describe('dbt', () => {
  test('a model of older versions is read, and what is not understood is kept and listed', async () => {
    const found = await imported(
      'dbt',
      `
models:
  - name: Orders
    description: All orders.
    latest_version: 2
    tests: [{dbt_utils.equal_rowcount: {compare_model: ref('b')}}]
    columns:
      - name: OrderId
        data_type: varchar(20)
        tests: [unique, not_null]
      - name: amount
        data_type: numeric(12, 2)
        tests: [{not_null: {severity: warn}}]
      - name: tags
        data_type: array<string>
`,
    );
    expect(columnsOf(found)).toEqual(['order_id string required', 'amount decimal(12,2)', 'tags string']);
    expect(found.odcs.schema[0].properties[0].physicalName).toBe('OrderId');
    expect(found.contract.checks).toContainEqual(
      expect.objectContaining({ kind: 'required', columns: ['amount'], onFailure: 'warn' }),
    );
    expect(found.losses).toEqual([
      'Orders.tags.data_type: no equal; kept as a custom property',
      'Orders.tests.dbt_utils.equal_rowcount: no equal; kept as text',
      'Orders.latest_version: no equal; kept as a custom property',
    ]);
    expect(kept(found.odcs.customProperties)).toEqual({ 'dbt.latest_version': 2 });
    expect(found.odcs.schema[0].quality[0].description).toContain('equal_rowcount');
  });

  test('is read as dbt reads it, which is YAML 1.1', async () => {
    const found = await imported(
      'dbt',
      `
models:
  - name: orders
    config: { meta: { audited: yes, since: 2024-01-01, mode: 014, closes: 18:30 } }
    columns:
      - { name: y, data_type: int, tests: [not_null, { accepted_values: { values: [010, 1_000] } }] }
      - { name: n, data_type: text, tests: [not_null, { accepted_values: { values: [no, 'no'] } }] }
`,
    );
    expect(kept(found.odcs.customProperties)).toEqual({
      'dbt.meta': { audited: true, since: '2024-01-01', mode: 12, closes: 1110 },
    });
    expect(columnsOf(found)).toEqual(['y int required', 'n string required']);
    expect(found.odcs.schema[0].properties[0].enum).toEqual([{ value: 8 }, { value: 1000 }]);
    expect(found.odcs.schema[0].properties[1].enum).toEqual([{ value: 'False' }, { value: 'no' }]);
  });
});

describe('JSON Schema', () => {
  test('references are followed, null is told apart, and other words are kept', async () => {
    const found = await imported(
      'json-schema',
      JSON.stringify({
        title: 'Visit',
        required: ['id', 'at', 'maybe'],
        properties: {
          id: { $ref: '#/$defs/id', description: 'The id.' },
          at: { type: 'string', format: 'date-time' },
          maybe: { type: ['integer', 'null'], multipleOf: 5, readOnly: true },
          lines: { type: 'array', minItems: 1, items: { $ref: '#/$defs/line' } },
          free: {},
        },
        $defs: {
          id: { type: 'string', format: 'uuid' },
          line: { type: 'object', properties: { price: { type: 'number' } } },
        },
      }),
    );
    expect(columnsOf(found)).toEqual([
      'id string required',
      'at timestamp required',
      'maybe long',
      'lines array',
      'free string',
    ]);
    expect(found.contract.columns[0]!.description).toBe('The id.');
    expect(found.odcs.schema[0].properties[0].logicalTypeOptions).toEqual({ format: 'uuid' });
    expect(found.losses).toEqual(['maybe.readOnly: no equal; kept as a custom property']);
    expect(found.contract.checks).toContainEqual(expect.objectContaining({ kind: 'multipleOf', value: '5' }));
    expect(found.contract.checks).toContainEqual(expect.objectContaining({ kind: 'minItems', columns: ['lines'] }));
    expect(found.text).toContain('CONFIRM: type: the schema says nothing');
  });
});

describe('Avro', () => {
  test('enums, named types and defaults are read; what no column can hold is said', async () => {
    const kind = { type: 'enum', name: 'Kind', symbols: ['A', 'B'] };
    const found = await imported(
      'avro',
      JSON.stringify({
        type: 'record',
        name: 'Visit',
        fields: [
          { name: 'id', type: { type: 'string', logicalType: 'uuid' } },
          { name: 'kind', type: kind },
          { name: 'lastKind', type: ['null', 'Kind'], default: null },
          { name: 'count', type: 'int', default: 0 },
          { name: 'more', type: { type: 'map', values: 'long' } },
        ],
      }),
    );
    expect(columnsOf(found)).toEqual([
      'id string required',
      'kind string required',
      'last_kind string',
      'count int required',
      'more string required',
    ]);
    expect(found.odcs.schema[0].properties[2].enum).toEqual([{ value: 'A' }, { value: 'B' }]);
    expect(found.losses).toEqual([
      'count.default: no equal; kept as a custom property',
      'more.type: no equal for {"type":"map","values":"long"}; proposed as text',
    ]);
  });
});

describe('SQL', () => {
  test('a table of another dialect keeps its key, constraints and defaults', async () => {
    const found = await imported(
      'sql',
      `create table orders (id varchar(20) primary key, "Total" numeric(10,2) not null default 0,
       kind text unique, check ("Total" >= 0));`,
    );
    expect(columnsOf(found)).toEqual(['id string required', 'total decimal(10,2) required', 'kind string']);
    expect(found.contract.write.keys).toEqual(['id']);
    expect(kept(found.odcs.customProperties)).toEqual({ 'sql.constraints': ['CHECK((Total >= 0))'] });
    expect(found.losses).toHaveLength(2);
  });

  test.each([
    ["copy (select 1) to '/tmp/sluice-import.csv'", 'file system operations are disabled'],
    ["create table a as select * from read_csv('/etc/passwd')", 'DuckDB does not take the statements'],
    ["attach '/tmp/sluice-import.db'", "type 'attach'"],
    ['select 1', "type 'select'"],
    ['install httpfs', 'found a statement of type'],
    ['create table', 'DuckDB does not take the statements'],
    ['create schema a', "found no 'create table'"],
  ])('%s is refused', async (sql, reason) => {
    await expect(imported('sql', sql)).rejects.toThrow(reason);
  });
});

test.each<[ImportFormat, string, string]>([
  ['dbt', 'version: 2', "found neither 'sources'"],
  ['json-schema', '{"type": "string"}', "found no 'properties'"],
  ['json-schema', '{"properties": {"a": {"$ref": "#/properties/a"}}}', "found $ref '#/properties/a'"],
  ['json-schema', '{"properties": {"a": {"$ref": "https://example.com/a"}}}', 'allowed: one within the file'],
  ['avro', '"string"', 'allowed: record'],
  ['avro', '{"type":"record","name":"A","fields":[{"name":"a","type":["null","A"]}]}', 'holds itself'],
  ['collector', 'a: 1', "found no 'name'"],
])('a file that is no %s is refused: %s', async (format, text, reason) => {
  await expect((async () => IMPORTERS[format](text, () => {}))()).rejects.toThrow(reason);
});
