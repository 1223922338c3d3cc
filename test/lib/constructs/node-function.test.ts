import { readFileSync } from 'node:fs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { NodeFunction } from '../../../lib/constructs/node-function.ts';
import { projectPath } from '../../../lib/constructs/project.ts';
import { environments } from '../../../lib/environments.ts';
import { shopContracts } from '../stacks/shop-contracts.ts';

const folder = projectPath('build/lambdas/test/apply-lake-settings');

function bundled(): NodeFunction {
  return new NodeFunction(new Stack(new App(), 'Test'), 'Apply', {
    environment: environments.dev,
    domain: 'test',
    name: 'apply-lake-settings',
    description: 'as a test',
    memoryMb: 128,
    timeout: Duration.seconds(1),
    contracts: shopContracts,
    files: ['LICENSE'],
  });
}

test('an asset holds one module, its contracts and the files asked for', () => {
  bundled();
  expect(JSON.parse(readFileSync(`${folder}/contracts.json`, 'utf8'))).toEqual(shopContracts);
  expect(readFileSync(`${folder}/LICENSE`)).toEqual(readFileSync(projectPath('LICENSE')));
  expect(readFileSync(`${folder}/index.mjs`, 'utf8')).toMatch(/export \{\s+handler\s+\}/);
});

test('the same sources make the same bundle, so that nothing is deployed again', () => {
  bundled();
  const first = readFileSync(`${folder}/index.mjs`, 'utf8');
  bundled();
  expect(readFileSync(`${folder}/index.mjs`, 'utf8')).toBe(first);
  expect(first).not.toContain(projectPath());
});
