import { FAULTS_OF_COLUMNS } from './faults-of-columns.ts';
import { FAULTS_OF_KEYS } from './faults-of-keys.ts';
import { FAULTS_OF_PIPELINES } from './faults-of-pipelines.ts';
import { FAULTS_OF_RULES } from './faults-of-rules.ts';
import { loadFiles } from './load-sample.ts';
import { BRONZE, GOLD, SILVER, sampleFiles } from './sample-contracts.ts';

const SOUND = sampleFiles('gold', 'gold', 'gold');

test('a domain without faults is loaded in the order of its files', () => {
  const { contracts, problems } = loadFiles(SOUND);
  expect(problems).toEqual([]);
  expect(contracts.map(({ file }) => file)).toEqual([
    'domains/toys/contracts/bronze/visits.odcs.yaml',
    'domains/toys/contracts/gold/sales.odcs.yaml',
    'domains/toys/contracts/silver/items.odcs.yaml',
  ]);
});

test('a project without domains has no contracts', () => {
  expect(loadFiles([])).toEqual({ contracts: [], problems: [] });
});

const FAULTS = [...FAULTS_OF_KEYS, ...FAULTS_OF_COLUMNS, ...FAULTS_OF_RULES, ...FAULTS_OF_PIPELINES];

test.each(FAULTS)('$fault is refused with its place and what is allowed', ({ layer, found, put, problems }) => {
  const told = loadFiles(sampleFiles(layer, found, put)).problems;
  expect(told.map((line) => line.replace('domains/toys/contracts/', ''))).toEqual(problems);
});

test('a placeholder that nothing resolves is a problem', () => {
  const { problems } = loadFiles(sampleFiles('gold', 'id: toys-gold-sales', `id: toys-\${STAGE}`));
  expect(problems).toEqual([
    `domains/toys/contracts/gold/sales.odcs.yaml:3:1: id: found '\${STAGE}', allowed: what domains/toys/variables.yaml declares, which is nothing`,
  ]);
});

test('problems of all columns and of all files are told together', () => {
  const { problems } = loadFiles([
    { file: 'domains/toys/contracts/bronze/visits.odcs.yaml', text: BRONZE.replace('[pii, pii.email]', 'pii') },
    {
      file: 'domains/toys/contracts/silver/items.odcs.yaml',
      text: SILVER.replace('logicalType: number', 'logicalType: numbr').replace('restricted', 'public'),
    },
    {
      file: 'domains/toys/contracts/gold/sales.odcs.yaml',
      text: GOLD.replace('status: active', '').replace('[{ table', '[{ tble'),
    },
  ]);
  expect(problems.map((line) => line.split(': ').slice(0, 2).join(' ').replace('domains/toys/contracts/', ''))).toEqual(
    [
      'bronze/visits.odcs.yaml:19:9 schema[0].properties[1].tags',
      'gold/sales.odcs.yaml:25:22 schema[0].customProperties[0].value.inputs[0].tble',
      'silver/items.odcs.yaml:24:9 schema[0].properties[2].logicalType',
      'silver/items.odcs.yaml:35:9 schema[0].properties[3].classification',
    ],
  );
});

test('a table is not said to be missing when its file is there, but broken', () => {
  const { problems } = loadFiles(sampleFiles('bronze', 'logicalType: array', 'logicalType: aray'));
  expect(problems).toHaveLength(1);
});

test.each([
  'domains/toys/contracts/platinum/sales.odcs.yaml',
  'domains/toys/contracts/gold/sales.yaml',
  'domains/toys/contracts/sales.odcs.yaml',
])('a contract that would never be read is a problem: %s', (file) => {
  const { problems } = loadFiles([...SOUND, { file, text: GOLD }]);
  expect(problems).toEqual([
    `${file}:1:1: found '${file.split('/').at(-1)}', allowed: domains/<domain>/contracts/<bronze|silver|gold>/<table>.odcs.yaml`,
  ]);
});
