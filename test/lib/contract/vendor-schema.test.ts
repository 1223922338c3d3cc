import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'yaml';
import { VENDOR_PROPERTIES } from '../../../lib/contract/vendor-properties.ts';
import { vendorSchema } from '../../../lib/contract/vendor-schema.ts';
import { loadFiles } from './load-sample.ts';
import { BRONZE, GOLD, SILVER, sampleFiles } from './sample-contracts.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const published = JSON.parse(read('docs/schemas/sluice-properties.schema.json'));
const validate = new Ajv({ strict: false }).compile(published);

const isValid = (text: string): boolean => validate(parse(text));

test('the published schema is that of the code; `npx tsx scripts/write-vendor-schema.ts` writes it', () => {
  expect(published).toEqual(JSON.parse(JSON.stringify(vendorSchema())));
});

const contracts = readdirSync(path.join(root, 'domains'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.odcs.yaml'))
  .map((file) => `domains/${file}`);

test.each([...contracts, 'test/fixtures/contracts/everything.odcs.yaml'])('%s keeps it', (file) => {
  validate(parse(read(file)));
  expect(validate.errors).toBeNull();
});

test.each([
  ['a misspelt method of masking', SILVER, 'method: tokenise', 'method: tokenize'],
  ['a misspelt key of a masking', SILVER, 'method: tokenise', 'methd: tokenise'],
  ['an unknown property of ours', SILVER, 'property: masking', 'property: maskng'],
  [
    'a masking without a vendor',
    SILVER,
    'property: masking, vendor: sluice, value: { method: tokenise',
    'property: masking, value: { method: tokenize',
  ],
  ['a property where it has no meaning', GOLD, 'property: pipeline', 'property: masking'],
  ['an unknown layer', BRONZE, 'layer: bronze', 'layer: bronce'],
])('%s is refused by the schema as by the lint', (_, text, found, put) => {
  expect(text).toContain(found);
  expect(isValid(text)).toBe(true);
  expect(isValid(text.replace(found, put))).toBe(false);
  const layer = text === BRONZE ? 'bronze' : text === SILVER ? 'silver' : 'gold';
  expect(loadFiles(sampleFiles(layer, found, put)).problems.length).toBeGreaterThan(0);
});

test('what is another vendor’s is nobody’s business', () => {
  expect(
    isValid(SILVER.replace('vendor: sluice, value: { method: tokenise', 'vendor: other, value: { method: shred')),
  ).toBe(true);
});

test('each property is proposed to the standard in the reference', () => {
  const [, proposals = ''] = read('docs/contract-reference.md').split('## Proposals to the standard');
  const names = new Set(Object.values(VENDOR_PROPERTIES).flatMap((known) => Object.keys(known)));
  expect([...names].filter((name) => !proposals.includes(`\`${name}\``))).toEqual([]);
});
