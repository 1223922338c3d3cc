import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readGuide, scriptOf } from './read-guide.ts';

const root = path.resolve(import.meta.dirname, '../..');
const project = mkdtempSync(path.join(tmpdir(), 'guide-'));
afterAll(() => rmSync(project, { recursive: true }));

/** The guide's commands, block by block, up to those that need a cloud. */
const local = readGuide('docs/guides/contracts.md').filter(({ section }) => section !== 'On the local cloud');

/** A project of its own, with the program as it is here. */
function copyProgram(): void {
  for (const part of ['bin', 'cli', 'lib', 'lambdas', 'local', 'scripts', 'package.json', 'tsconfig.json'])
    cpSync(path.join(root, part), path.join(project, part), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(project, 'node_modules'));
}

function run(commands: string): string {
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', scriptOf(commands)], {
    cwd: project,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${commands}\n${stdout}${stderr}`);
  return stdout;
}

test('the guide to contracts takes a newcomer from a CSV file to a gate that holds', () => {
  copyProgram();
  const outputs = local.map(({ commands }) => run(commands));
  const said = outputs.join('\n');
  expect(said).toMatch(/CONFIRM: proposed/);
  expect(said).toContain('2 files, no problems');
  expect(said).toMatch(/post\.silver\.parcels 1\.0\.0: passed/);
  expect(said).toMatch(/weight_kg\.exclusiveMinimum .* 1 of 4 failed +quarantined/);
  expect(said).toMatch(/size\.enum .* 1 of 4 failed +blocked/);
  expect(said).toMatch(/primary_key\.unique .* [12] of 4 failed +blocked/);
  expect(said.trim().endsWith('held back')).toBe(true);
  expect(existsSync(path.join(project, 'parcels.schema.json'))).toBe(true);
}, 120_000);
