import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { odcsContract } from '../../../lib/contract/odcs-contract.ts';
import { SERVER_TYPES, server } from '../../../lib/contract/odcs-server.ts';
import { loadFiles } from './load-sample.ts';
import { BRONZE, GOLD, SILVER, sampleFiles } from './sample-contracts.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The standard's own JSON schema, as its maintainers' Python package ships it. */
const [packaged] = globSync('.venv/lib/python3.*/site-packages/open_data_contract_standard/schema.json', { cwd: root });
const schema = JSON.parse(read(packaged ?? 'open_data_contract_standard is missing from the Python environment'));
const ajv = new Ajv2019({ strict: false, validateFormats: false });
const validate = ajv.compile(schema);
const validateServer = ajv.compile({ $ref: '#/$defs/Server', $defs: schema.$defs });

/** What the standard itself says of a file. */
function standardErrors(text: string): unknown {
  validate(parse(text));
  return validate.errors;
}

const EVERYTHING = read('test/fixtures/contracts/everything.odcs.yaml');
const contracts = readdirSync(path.join(root, 'domains'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.odcs.yaml'))
  .map((file) => `domains/${file}`);

test.each(contracts)('%s keeps the schema of the standard', (file) => {
  expect(standardErrors(read(file))).toBeNull();
});

test.each([
  ['bronze', BRONZE],
  ['silver', SILVER],
  ['gold', GOLD],
  ['everything', EVERYTHING],
])('the sample contract of %s keeps the schema of the standard', (_, text) => {
  expect(standardErrors(text)).toBeNull();
});

test('what the standard allows and Sluice does not read is accepted', () => {
  const file = { file: 'domains/toys/contracts/gold/everything.odcs.yaml', text: EVERYTHING };
  expect(loadFiles([...sampleFiles('gold', 'gold', 'gold'), file]).problems).toEqual([]);
});

/** Types that the standard has, in every place where it has them. */
const UNSTORED = `
      - { id: opens, name: opens, logicalType: time, classification: public, logicalTypeOptions: { minimum: '08:00', timezone: false } }
      - id: sizes
        name: sizes
        logicalType: map
        classification: public
        map:
          key: { logicalType: string }
          value: { logicalType: array, items: { logicalType: map, map: { key: { logicalType: string }, value: { logicalType: date } } } }
      - id: likeness
        name: likeness
        logicalType: vector
        classification: public
        logicalTypeOptions: { dimensions: 8, elementType: float16, distanceMetric: cosine, embeddingModel: m, embeddingModelVersion: '1', normalized: true }
`;

test('types that nothing stores are read as the standard has them, and refused with the reason', () => {
  const text = EVERYTHING.replace('\n      - name: tags\n', `${UNSTORED}      - name: tags\n`);
  expect(standardErrors(text)).toBeNull();
  expect(odcsContract.safeParse(parse(text)).error).toBeUndefined();
  const file = { file: 'domains/toys/contracts/gold/everything.odcs.yaml', text };
  const { problems } = loadFiles([...sampleFiles('gold', 'gold', 'gold'), file]);
  const stored = 'string, integer, number, boolean, date, timestamp, array, object';
  expect(problems.map((line) => line.replace(/^.*logicalType: /, ''))).toEqual([
    `found 'time', allowed: ${stored}; Delta has no type for a time of day; use a string with a pattern, or seconds as an integer`,
    `found 'map', allowed: ${stored}; no gate reads maps yet; use an array of objects with a key and a value`,
    `found 'vector', allowed: ${stored}; no gate reads vectors yet; use an array of numbers of physicalType double`,
  ]);
});

test('servers of all types are told apart as in the standard', () => {
  const types: { if: { properties: { type: { const: string } } }; then: { $ref: string } }[] =
    schema.$defs.Server.allOf;
  expect(types.map(({ if: { properties } }) => properties.type.const).sort()).toEqual([...SERVER_TYPES].sort());
  const differing = types.flatMap(({ if: { properties }, then }) => {
    const type = properties.type.const;
    const source = schema.$defs.ServerSource[then.$ref.split('/').at(-1)!] as ServerSource;
    const whole = { server: 's', type, ...Object.fromEntries(Object.keys(source.properties).map((key) => [key, 'x'])) };
    const lacking = (source.required ?? []).map((key) => omit(whole, key));
    const cases = [
      whole,
      { ...whole, location: 'sftp://x' },
      ...lacking,
      { ...whole, catalogUrl: 'x' },
      { ...whole, stream: 'x' },
      { ...whole, port: 1 },
    ];
    return cases.filter((each) => server.safeParse(each).success !== validateServer(each));
  });
  expect(differing).toEqual([]);
});

interface ServerSource {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

const omit = (server: Readonly<Record<string, unknown>>, key: string) =>
  Object.fromEntries(Object.entries(server).filter(([name]) => name !== key));

/** A key that the standard has nowhere, in every map of a contract in turn. */
function* withUnknownKeys(text: string): Generator<[place: string, text: string]> {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const [, indent] =
      /^( *)(?:- )?(?:name|role|username|channel|synonym|metric|server|url|constraint|question): /.exec(line) ?? [];
    if (indent === undefined) continue;
    const column = line.startsWith(`${indent}- `) ? `${indent}  ` : indent;
    yield [line.trim(), [...lines.slice(0, index + 1), `${column}unheard_of: 1`, ...lines.slice(index + 1)].join('\n')];
  }
}

test.each([...withUnknownKeys(EVERYTHING)])(
  'an unknown key beside "%s" is refused by us as by the standard',
  (_, text) => {
    expect(standardErrors(text)).not.toBeNull();
    const file = { file: 'domains/toys/contracts/gold/everything.odcs.yaml', text };
    const { problems } = loadFiles([...sampleFiles('gold', 'gold', 'gold'), file]);
    expect(problems).toEqual([expect.stringContaining("unknown key: found 'unheard_of'")]);
  },
);
