import { readFileSync } from 'node:fs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { bundleOf } from '../../../lib/constructs/function-bundles.ts';
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

test('a bundle names no place of this machine, so that the same sources make the same one everywhere', () => {
  const { files } = bundleOf('apply-lake-settings');
  expect([...files.keys()].sort()).toEqual(['index.mjs', 'index.mjs.map']);
  for (const content of files.values()) expect(Buffer.from(content).toString()).not.toContain(projectPath());
});

test('the bundle that lands records stays small: a cold start reads all of it', () => {
  const bundle = bundleOf('land-records').files.get('index.mjs') ?? new Uint8Array();
  expect(bundle.length).toBeGreaterThan(0);
  expect(bundle.length).toBeLessThan(3 * 1024 * 1024);
  expect(Buffer.from(bundle).toString()).not.toMatch(/aws-cdk-lib|node_modules\/typescript/);
});

test('what has no handler has no bundle', () => {
  expect(() => bundleOf('land-everything')).toThrow(
    /lambdas\/land-everything has no handler\.ts.*found .*land-records/,
  );
});
