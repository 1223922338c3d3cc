import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { sampleFiles } from '../lib/contract/sample-contracts.ts';

const root = path.resolve(import.meta.dirname, '../..');
let project: string;

beforeEach(() => {
  project = mkdtempSync(path.join(tmpdir(), 'sluice-build-'));
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

function build(files: readonly { file: string; text: string }[]) {
  for (const { file, text } of files) {
    mkdirSync(path.join(project, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(project, file), text);
  }
  const tsx = path.join(root, 'node_modules/.bin/tsx');
  return spawnSync(tsx, [path.join(root, 'scripts/build-contracts.ts'), project], { encoding: 'utf8' });
}

test('every contract becomes a file, and those of contracts that are gone disappear', () => {
  const folder = path.join(project, 'build/contracts');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'toys.gold.gone.json'), '{}');
  const { status, stdout } = build(sampleFiles('gold', 'gold', 'gold'));
  expect(stdout).toContain('3 contracts in build/contracts');
  expect(status).toBe(0);
  expect(readdirSync(folder)).toEqual(['toys.bronze.visits.json', 'toys.gold.sales.json', 'toys.silver.items.json']);
});

test('a broken contract fails the build with its place, and nothing is built', () => {
  const { status, stderr } = build(sampleFiles('gold', 'logicalType: integer', 'logicalType: integr'));
  expect(status).toBe(1);
  expect(stderr).toContain("sales.odcs.yaml:17:9: schema[0].properties[1].logicalType: found 'integr'");
  expect(stderr).toContain('1 problem in the contracts; nothing was built');
  expect(readdirSync(project)).toEqual(['domains']);
});
