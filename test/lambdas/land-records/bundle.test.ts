import { readFileSync, statSync } from 'node:fs';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { NodeFunction } from '../../../lib/constructs/node-function.ts';
import { projectPath } from '../../../lib/constructs/project.ts';
import { environments } from '../../../lib/environments.ts';

const MAX_BYTES = 3 * 1024 * 1024;

test('the bundle stays small: a cold start reads all of it', () => {
  new NodeFunction(new Stack(new App(), 'Test'), 'Land', {
    environment: environments.dev,
    domain: 'test',
    name: 'land-records',
    description: 'as a test',
    memoryMb: 128,
    timeout: Duration.seconds(1),
  });
  const file = projectPath('build/lambdas/test/land-records/index.mjs');
  expect(statSync(file).size).toBeLessThan(MAX_BYTES);
  expect(readFileSync(file, 'utf8')).not.toMatch(/aws-cdk-lib|node_modules\/typescript/);
});
