import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { jest } from '@jest/globals';
import { createProgram } from '../../cli/program.ts';
import { GOLD } from '../lib/contract/sample-contracts.ts';

let folder: string;
let printed: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'sluice-diff-'));
  printed = '';
  jest.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += `${text}\n`;
  });
  jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const file = (name: string, text: string): string => {
  const place = path.join(folder, name);
  writeFileSync(place, text);
  return place;
};
const diff = async (...args: string[]) =>
  (await createProgram('contract')).parseAsync(['node', 'sluice', 'contract', 'diff', ...args]);

test('two files are compared, the worst change first, with the reason and the fix', async () => {
  const is = GOLD.replace('version: 1.0.0', 'version: 2.0.0')
    .replace('What was sold.', 'All that was sold.')
    .replace(
      '        required: true\n        classification: internal\n    custom',
      '        classification: internal\n    custom',
    );
  await diff(file('was.yaml', GOLD), file('is.yaml', is));
  expect(printed).toBe(`toys.gold.sales 1.0.0 → 2.0.0: readers break, writers safe, trust –
readers break, writers safe, trust –            became optional: columns.items_sold (required → optional)
    nulls appear where there were none; raise the major version and serve the old one beside it for the migration window
readers safe, writers safe, trust –             words changed: description
    only people read it; nothing to do
`);
});

test('programs are told the same as JSON', async () => {
  const is = GOLD.replace('logicalType: integer', "logicalType: number\n        physicalType: 'decimal(20,0)'");
  await diff(file('was.yaml', GOLD), file('is.yaml', is), '--json');
  expect(JSON.parse(printed)).toMatchObject({
    was: '1.0.0',
    verdicts: { readers: 'review', writers: 'safe', trust: 'none' },
    changes: [{ kind: 'typeWidened', path: 'columns.items_sold', was: 'long', is: 'decimal(20,0)' }],
  });
});

test('a contract that cannot be read is told with its place', async () => {
  const broken = GOLD.replace('logicalType: integer', 'logicalType: integr');
  await expect(diff(file('was.yaml', GOLD), file('is.yaml', broken))).rejects.toThrow(
    /is\.yaml:\d+:\d+: schema\[0\]\.properties\[1\]\.logicalType: found 'integr'.*did you mean 'integer'/,
  );
});

test.each(['sales', 'commerce.platinum.sales', 'commerce.gold.sales.v1', ''])('%j names no version', async (name) => {
  await expect(diff(name, 'commerce.gold.gold_fact_sales')).rejects.toThrow(/allowed: a file, or <domain>/);
});
