import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { projectPath } from '../../../lib/constructs/project.ts';
import { installWheels } from '../../../lib/constructs/python-wheels.ts';

const folder = projectPath('build/test-wheels');
const wheels = { target: 'test-wheels/python', pythonVersion: '3.12', maximumMb: 1 };

beforeEach(() => mkdirSync(folder, { recursive: true }));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function requirementsHolding(text: string): string {
  writeFileSync(`${folder}/requirements.txt`, text);
  return 'build/test-wheels/requirements.txt';
}

test('unchanged requirements are not installed twice', () => {
  const requirements = requirementsHolding('there-is-no-such-package==1.0.0 --hash=sha256:00\n');
  const stamp = createHash('sha256')
    .update(readFileSync(projectPath(requirements)))
    .digest('hex');
  writeFileSync(`${folder}/python.stamp`, stamp);
  expect(installWheels({ ...wheels, requirements })).toBe(`${folder}/python`);
});

test('an installation that failed is not taken for one', () => {
  const requirements = requirementsHolding('not a requirement\n');
  expect(() => installWheels({ ...wheels, requirements })).toThrow();
  expect(() => installWheels({ ...wheels, requirements })).toThrow();
});
