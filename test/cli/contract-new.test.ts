import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { printed } from './printed.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'new-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: readonly string[]) => printed('contract', 'new', ...args);
function put(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}
const PARCELS = put('Parcels.csv', 'Parcel No;Weight;Sent\nP1;1.50;2026-01-01\nP2;2.25;2026-01-02\n');

test('of a CSV file, with every answer given, lint takes what is written', async () => {
  const answers = [
    '--domain',
    'post',
    '--purpose',
    'Every parcel.',
    '--granularity',
    'One row per parcel.',
    '--owner',
    'ann',
    '--support',
    'desk',
  ];
  await run('--from', PARCELS, '--layer', 'bronze', ...answers, '--out', folder);
  const file = path.join(folder, 'domains/post/contracts/bronze/parcels.odcs.yaml');
  expect((await printed('contract', 'lint', file)).out).toContain('1 file, no problems');
  const text = readFileSync(file, 'utf8');
  expect(text).toContain('physicalType: decimal(18,2)');
  for (const answer of ['Every parcel.', 'One row per parcel.', 'ann', 'desk']) expect(text).toContain(answer);
  expect(text).not.toMatch(/(purpose|Description|username|channel): .* # CONFIRM/);
});

test('of JSON lines, events are looked into', async () => {
  const file = put(
    'visits.jsonl',
    '{"specversion":"1.0","data":{"visit_id":"v1"}}\n{"specversion":"1.0","data":{"visit_id":"v2"}}\n',
  );
  const { out } = await run('--from', file, '--domain', 'toys');
  expect(out).toContain('name: visit_id');
  expect(out).not.toContain('specversion');
});

test('without a sample, columns are given as flags', async () => {
  const { out } = await run(
    '--domain',
    'toys',
    '--table',
    'Sales',
    '--column',
    'toyId:string!',
    '--column',
    'total:decimal(18,2)',
    '--key',
    'toy_id',
  );
  expect(out).toContain(
    '- name: toy_id\n        physicalName: toyId\n        logicalType: string\n        required: true',
  );
  expect(out).toContain('physicalType: decimal(18,2)');
  expect(out).not.toContain('no key was known');
});

test.each<[readonly string[], string]>([
  [['--domain', 'a'], 'found no column; allowed: --from a sample, or --column name:type'],
  [['--column', 'a:string'], '--domain: missing'],
  [['--column', 'a:string', '--domain', 'a'], '--table: missing'],
  [['--column', 'a:strng'], "found 'a:strng'; allowed is name:type"],
  [['--column', 'abc:string', '--domain', 'a', '--table', 'a', '--key', 'abd'], "did you mean 'abc'?"],
  [['--from', 'no/such.csv'], "--from: found no file 'no/such.csv'"],
  [['--from', put('empty.csv', 'a,b\n'), '--domain', 'a'], 'found no rows'],
])('%j is refused with the reason', async (args, reason) => {
  await expect(run(...args)).rejects.toThrow(reason);
});

test('on a terminal, what no flag says is asked for', () => {
  const out = path.join(folder, 'asked.yaml');
  const answers = {
    'Which domain': 'toys',
    'for, in': 'Every sale.',
    'one row': '',
    'answers for': 'ann',
    told: 'desk',
  };
  const terminal = path.join(import.meta.dirname, 'answer_on_terminal.py');
  const command = ['bin/sluice.mjs', 'contract', 'new', '--table', 'sales', '--column', 'toy:string!', '--out', out];
  const asked = [terminal, JSON.stringify(answers), process.execPath, ...command];
  const { status } = spawnSync('.venv/bin/python', asked, { timeout: 20_000, stdio: ['ignore', 'pipe', 'inherit'] });
  expect(status).toBe(0);
  const text = readFileSync(out, 'utf8');
  expect(text).toContain('domain: toys');
  expect(text).toContain('purpose: Every sale.\n');
  expect(text).toContain('dataGranularityDescription: One row per toy. # CONFIRM: proposed');
  expect(text).toContain('username: ann\n');
}, 30_000);
