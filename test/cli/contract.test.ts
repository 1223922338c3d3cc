import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { describeContract } from '../../cli/contract/describe-contract.ts';
import { junitOf } from '../../cli/contract/junit.ts';
import { lintPaths } from '../../cli/contract/lint-paths.ts';
import { createProgram } from '../../cli/program.ts';
import { loadContracts } from '../../lib/contract/load-contracts.ts';
import { NEW_VERSION, OLD_VERSION } from '../lib/contract/older-version.ts';
import { sampleFiles } from '../lib/contract/sample-contracts.ts';

let root: string;
let printed: string;

/** A project whose silver contract has two faults, of which one shows only beside another contract. */
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'sluice-lint-'));
  const files = sampleFiles('silver', 'table: toys.bronze.visits', 'table: toys.bronze.visit');
  for (const { file, text } of files) {
    mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  }
  printed = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += `${text}\n`;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

const sluice = async (...args: string[]) =>
  (await createProgram('contract')).parseAsync(['node', 'sluice', 'contract', ...args]);
const SILVER = 'domains/toys/contracts/silver/items.odcs.yaml';

const TERMS = { today: '2026-11-26' };

test.each([
  ['the whole project', '', 3, 1],
  ['the folder of the domains', 'domains', 3, 1],
  ['a layer', 'domains/toys/contracts/silver', 1, 1],
  ['a file', SILVER, 1, 1],
  ['a layer without faults', 'domains/toys/contracts/gold', 1, 0],
])('of %s, only what is meant is told, and judged beside the whole project', (_, name, files, problems) => {
  const result = lintPaths([path.join(root, name)], root, TERMS);
  expect(result.files).toHaveLength(files);
  expect(result.problems.map(({ file }) => file)).toEqual(Array(problems).fill(SILVER));
});

test('places are relative to the folder in which the lint was started', () => {
  const [problem] = lintPaths(['contracts'], path.join(root, 'domains/toys'), TERMS).problems;
  expect(problem?.file).toBe('contracts/silver/items.odcs.yaml');
});

test.each([
  ['what does not exist', 'domains/tois', /found '.*', which does not exist/],
  ['what is in no project', '..', /found '.*', allowed: a project, or a file or folder below its domains\//],
])('%s is refused', (_, name, message) => {
  expect(() => lintPaths([path.join(root, name)], root, TERMS)).toThrow(message);
});

test('a lint that finds something fails, and has written the report of build servers', async () => {
  const junit = path.join(root, 'lint.xml');
  await expect(sluice('lint', root, '--junit', junit)).rejects.toThrow('1 problem in 1 of 3 files');
  expect(printed).toContain("found 'toys.bronze.visit', allowed: ");
  expect(printed).toContain("did you mean 'toys.bronze.visits'?");
  expect(readFileSync(junit, 'utf8')).toContain('<testsuites tests="3" failures="1" errors="0" skipped="0">');
});

test('a lint that finds nothing says so', async () => {
  await sluice('lint', path.join(root, 'domains/toys/contracts/gold'));
  expect(printed).toBe('1 file, no problems\n');
});

describe('an older version that is served beside the new one', () => {
  const OLD = 'domains/toys/contracts/gold/sales_v1.odcs.yaml';
  const ALONE = 'inputs: [{ table: toys.silver.items }]\n          write: { mode: merge }\n';
  const serveUntil = (day: string): void => {
    writeFileSync(path.join(root, 'domains/toys/contracts/gold/sales.odcs.yaml'), NEW_VERSION);
    writeFileSync(path.join(root, OLD), OLD_VERSION.replace('2027-01-31', day));
  };

  test('is warned of from the day after its last one', () => {
    serveUntil('2026-11-26');
    expect(lintPaths([path.join(root, OLD)], root, TERMS)).toMatchObject({ problems: [], warnings: [] });
    expect(lintPaths([path.join(root, OLD)], root, { today: '2026-11-27' })).toMatchObject({
      problems: [],
      warnings: [
        {
          file: OLD,
          path: 'slaProperties[0].value',
          text: 'found 2026-11-26, allowed: 2026-11-27 or later; take away the contract, or give its readers more time',
        },
      ],
    });
  });

  test('is warned of, too, as a table of its own that names no other', () => {
    const alone = OLD_VERSION.replace(/versionOf: .*?\n(?=sla)/s, ALONE).replace('2027-01-31', '2026-11-26');
    writeFileSync(path.join(root, OLD), alone);
    const { problems, warnings } = lintPaths([path.join(root, OLD)], root, { today: '2026-11-27' });
    expect(problems).toEqual([]);
    expect(warnings.map(({ text }) => text)).toEqual([
      'found 2026-11-26, allowed: 2026-11-27 or later; take away the contract, or give its readers more time',
    ]);
  });

  test('fails no lint', async () => {
    serveUntil('2020-01-01');
    await sluice('lint', path.join(root, OLD));
    expect(printed).toContain('sales_v1.odcs.yaml:');
    expect(printed).toContain(': slaProperties[0].value: warning: found 2020-01-01, allowed: ');
    expect(printed).toContain('1 file, no problems, 1 warning\n');
  });
});

test('a report holds any text of a problem', () => {
  const text = `found '<a & "b">\u0007', allowed: none`;
  const xml = junitOf({
    files: ['a.yaml', 'b.yaml'],
    problems: [{ file: 'b.yaml', line: 1, column: 2, path: 'id', text }],
  });
  expect(xml).toContain('<testcase classname="contracts" name="a.yaml"/>');
  expect(xml).toContain(
    `<failure message="found '&lt;a &amp; &quot;b&quot;&gt; ', allowed: none">b.yaml:1:2: id: found`,
  );
});

test('a contract is shown by its id or by its name, and an unknown table with those that there are', async () => {
  await sluice('show', 'order_lines');
  const byName = printed;
  printed = '';
  await sluice('show', 'commerce.silver.order_lines');
  expect(printed).toBe(byName);
  await expect(sluice('show', 'orders')).rejects.toThrow(
    'commerce.bronze.orders and commerce.silver.orders; say which',
  );
  await expect(sluice('show', 'order')).rejects.toThrow(
    "table 'order' is unknown; there are commerce.bronze.campaign_spend, commerce.bronze.customers",
  );
});

test('what a contract is silent of takes no room', () => {
  const [contract] = loadContracts(path.resolve(import.meta.dirname, '../..'));
  expect(describeContract(contract!)).not.toContain('Roles');
  expect(describeContract({ ...contract!, roles: [{ role: 'auditor', approvers: [] }] })).toContain('Roles');
});

test('pages of the same contracts are the same to the byte, one a table and an index', async () => {
  const [a, b] = [path.join(root, 'a'), path.join(root, 'b')];
  await sluice('docs', '--out', a);
  await sluice('docs', '--out', b);
  for (const page of ['README.md', 'commerce.silver.order_lines.md']) {
    expect(readFileSync(path.join(a, page), 'utf8')).toBe(readFileSync(path.join(b, page), 'utf8'));
  }
  expect(readFileSync(path.join(a, 'README.md'), 'utf8')).toContain('(commerce.silver.order_lines.md)');
});
