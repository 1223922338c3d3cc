import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { printed } from './printed.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'import-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: readonly string[]) => printed('contract', 'import', ...args);
const AVRO = 'test/fixtures/exports/readings.avsc';

function put(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('the contract goes to standard output, and what a person must confirm is counted', async () => {
  const { out, said } = await run(AVRO, '--from', 'avro');
  expect(out).toContain('domain: lab');
  expect(said.at(-1)).toBe(
    `${out.split('CONFIRM').length - 1} places marked CONFIRM: proposed, for a person to look at`,
  );
});

test('in a project, the contract is put in its place, and lint takes it', async () => {
  const { said } = await run(AVRO, '--from', 'avro', '--layer', 'bronze', '--out', folder);
  const file = path.join(folder, 'domains/lab/contracts/bronze/readings.odcs.yaml');
  expect(said).toContain(`wrote ${file}`);
  expect(readFileSync(file, 'utf8')).toContain('name: readings');
  expect((await printed('contract', 'lint', file)).out).toContain('1 file, no problems');
});

test('a file that is there is not overwritten', async () => {
  const file = put('mine.odcs.yaml', 'mine');
  await expect(run(AVRO, '--from', 'avro', '--out', file)).rejects.toThrow(`${file} is there already`);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

test.each<[string, string, readonly string[], string]>([
  ['a.avsc', '{', ['--from', 'avro'], 'a.avsc: no avro: '],
  ['a.yml', 'models: [{name: a}', ['--from', 'dbt'], 'a.yml: no dbt: '],
  [
    'b.yml',
    'models: [{name: a}, {name: b}]',
    ['--from', 'dbt'],
    '--table: missing, allowed: a, b; the file has several',
  ],
  ['c.yml', 'models: [{name: a}, {name: b}]', ['--from', 'dbt', '--table', 'aa'], "did you mean 'a'?"],
  ['d.yml', 'name: a\ncolumns: [{name: id}]', ['--from', 'collector'], '--domain: missing, allowed: a domain'],
])('%s is refused with the reason', async (name, text, args, reason) => {
  await expect(run(put(name, text), ...args)).rejects.toThrow(reason);
});
