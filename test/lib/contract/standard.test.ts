import { globSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { parse } from 'yaml';
import { loadFiles } from './load-sample.ts';
import { BRONZE, GOLD, SILVER, sampleFiles } from './sample-contracts.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

/** The standard's own JSON schema, as its maintainers' Python package ships it. */
const [packaged] = globSync('.venv/lib/python3.*/site-packages/open_data_contract_standard/schema.json', { cwd: root });
const schema = JSON.parse(read(packaged ?? 'open_data_contract_standard is missing from the Python environment'));
const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);

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
