import type { EnvironmentName } from '../../../lib/environment-names.ts';
import { loadFiles } from './load-sample.ts';
import { sampleFiles } from './sample-contracts.ts';

const FILE = 'domains/toys/variables.yaml';
const VARIABLES = `default: { OWNER: someone, MINIMUM: 1, STAGE: test }
prod: { OWNER: everyone, MINIMUM: 100 }
`;
const inGold = (found: string, put: string, text = VARIABLES, environment?: EnvironmentName) =>
  loadFiles([...sampleFiles('gold', found, put), { file: FILE, text }], environment);

test.each([
  [undefined, 'someone'],
  ['local', 'someone'],
  ['prod', 'everyone'],
] as const)('in %s, a variable is what the environment says, or else the default', (environment, owner) => {
  const { contracts, problems } = inGold('username: someone', `username: '\${OWNER}'`, VARIABLES, environment);
  expect(problems).toEqual([]);
  expect(contracts.find(({ layer }) => layer === 'gold')?.owner).toBe(owner);
});

test('a variable may stand within a text', () => {
  const { contracts } = inGold('purpose: What was sold.', `purpose: "What \${OWNER} sold in \${STAGE}."`);
  expect(contracts.find(({ layer }) => layer === 'gold')?.description).toBe('What someone sold in test.');
});

test('a text that is nothing but a variable takes its type', () => {
  const rule = `    quality: [{ id: some, name: some, metric: rowCount, mustBeGreaterThan: '\${MINIMUM}' }]\n    customProperties:\n      - property: pipeline`;
  const { contracts, problems } = inGold('    customProperties:\n      - property: pipeline', rule, VARIABLES, 'prod');
  expect(problems).toEqual([]);
  const check = contracts.find(({ layer }) => layer === 'gold')?.checks.find(({ id }) => id === 'some');
  expect(check?.expect?.bounds).toEqual([100]);
});

test('a name that is not declared is refused with the nearest that is', () => {
  const { problems } = inGold('id: toys-gold-sales', `id: toys-\${STAG}`);
  expect(problems).toEqual([
    "domains/toys/contracts/gold/sales.odcs.yaml:3:1: id: found 'STAG', allowed: OWNER, MINIMUM, STAGE; did you mean 'STAGE'?; these are the variables of domains/toys/variables.yaml",
  ]);
});

test.each([
  [
    'a variable that only one environment has',
    'default: { OWNER: someone }\nprod: { OWNR: everyone }',
    "2:9: prod.OWNR: found 'OWNR', allowed: OWNER; did you mean 'OWNER'?; declare it under default, too",
  ],
  [
    'an environment that is not there',
    'default: { OWNER: someone }\nprd: { OWNER: everyone }',
    "2:1: prd: unknown key: found 'prd', allowed: default, local, dev, stage, prod; did you mean 'prod'?",
  ],
  ['a list', 'default: { OWNER: [a, b] }', expect.stringContaining('1:12: default.OWNER: found a list, allowed:')],
  ['no default', 'prod: { OWNER: someone }', '1:1: default: missing, allowed: a map'],
])('%s is refused', (_, text, expected) => {
  const { problems } = inGold('gold', 'gold', text);
  expect(problems.map((line) => line.replace(`${FILE}:`, ''))).toEqual([expected]);
});
