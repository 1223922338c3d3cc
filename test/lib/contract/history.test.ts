import { tableId } from '../../../lib/contract/contract.ts';
import { loadFiles } from './load-sample.ts';
import { SILVER, sampleFiles } from './sample-contracts.ts';

const ITEMS = 'domains/toys/contracts/silver/items.odcs.yaml';

const VALIDITY = `      - name: valid_from
        logicalType: timestamp
        required: true
        primaryKey: true
        primaryKeyPosition: 3
        classification: internal
      - { name: valid_to, logicalType: timestamp, classification: internal }
      - { name: is_current, logicalType: boolean, required: true, classification: internal }
`;
const HISTORY = SILVER.replace('mode: merge', 'mode: scd2').replace('    quality:\n      - { id: not', `${VALIDITY}$&`);

/** The sample, whose items keep every version; its problems, without their place in the file. */
function load(text: string) {
  const others = sampleFiles('silver', '', '').filter(({ file }) => file !== ITEMS);
  const { contracts, problems } = loadFiles([...others, { file: ITEMS, text }]);
  return { contracts, problems: problems.map((problem) => problem.replace(/^.*?: /, '')) };
}

test('a table with every version of a row tells them apart by valid_from, and judges only what events bring', () => {
  const { contracts, problems } = load(HISTORY);
  expect(problems).toEqual([]);
  const items = contracts.find((contract) => tableId(contract) === 'toys.silver.items');
  expect(items?.write).toEqual({ mode: 'scd2', keys: ['visit_id', 'toy', 'valid_from'] });
  expect(items?.columns.slice(-3).map(({ name, type }) => [name, type])).toEqual([
    ['valid_from', 'timestamp'],
    ['valid_to', 'timestamp'],
    ['is_current', 'boolean'],
  ]);
  expect(items?.checks.map(({ id }) => id)).toEqual([
    'visit_id.required',
    'toy.required',
    'primary_key.unique',
    'price_known',
    'not_empty',
  ]);
});

test.each([
  [
    'without the columns that say when',
    SILVER.replace('mode: merge', 'mode: scd2'),
    [
      'schema[0].properties: valid_from: missing, allowed: a required timestamp; mode scd2 says with it when a version was valid',
      'schema[0].properties: valid_to: missing, allowed: a not required timestamp; mode scd2 says with it when a version was valid',
      'schema[0].properties: is_current: missing, allowed: a required boolean; mode scd2 says with it when a version was valid',
      'schema[0].properties: found the primary key [visit_id, toy], allowed: the key of a row, and valid_from last',
    ],
  ],
  [
    'that always end',
    HISTORY.replace('valid_to, logicalType: timestamp', 'valid_to, logicalType: timestamp, required: true'),
    ['schema[0].properties[5].name: found valid_to that is not as mode scd2 has it, allowed: a not required timestamp'],
  ],
  [
    'with a rule on what refine writes',
    HISTORY.replace('is_current, logicalType', 'is_current, unique: true, logicalType'),
    [
      'schema[0].properties[6].name: found rules or standardisers on is_current, allowed: none; refine writes it, and keeps what it means',
    ],
  ],
])('versions %s are refused', (_, text, expected) => {
  expect(load(text).problems).toEqual(expected);
});
