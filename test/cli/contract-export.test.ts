import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { printed } from './printed.ts';

const READINGS = 'test/fixtures/exports/readings.odcs.yaml';
const folder = mkdtempSync(path.join(tmpdir(), 'export-'));
afterAll(() => rmSync(folder, { recursive: true }));

const run = (...args: readonly string[]) => printed('contract', 'export', ...args);

test('the file alone goes to standard output, and what has no equal to standard error', async () => {
  const { out, said } = await run(READINGS, '--to', 'sql', '--dialect', 'duckdb');
  expect(out).toBe(readFileSync('test/fixtures/exports/readings.duckdb.sql', 'utf8'));
  expect(said).toContain("price: no equal for the check 'price_minimum' (minimum)");
});

test('a table of the project is known by its name', async () => {
  const { out } = await run('commerce.silver.orders', '--to', 'avro');
  expect(JSON.parse(out)).toMatchObject({ type: 'record', name: 'orders', namespace: 'commerce.silver' });
});

test('with --out, nothing is printed and the file is there', async () => {
  const file = path.join(folder, 'orders.json');
  expect((await run('commerce.silver.orders', '--to', 'json-schema', '--out', file)).out).toBe('');
  expect(JSON.parse(readFileSync(file, 'utf8')).title).toBe('orders');
});

describe('a contract with variables', () => {
  const domain = path.join(folder, 'domains/lab');
  const file = path.join(domain, 'contracts/silver/readings.odcs.yaml');
  const asked = [file, '--to', 'odcs-3.1'];
  const declare = (text: string): void => writeFileSync(path.join(domain, 'variables.yaml'), text);
  beforeAll(() => {
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, readFileSync(READINGS, 'utf8').replace('data-owner@example.com', `'\${OWNER}'`));
  });

  test.each([
    [[], 'someone'],
    [['--env', 'prod'], 'everyone'],
  ])('shows with %j what the variables are there', async (env, owner) => {
    declare('default: { OWNER: someone }\nprod: { OWNER: everyone }');
    expect((await run(...asked, ...env)).out).toContain(`username: ${owner}\n`);
  });

  test.each([
    ['default: { OWNR: someone }', "username: found 'OWNER', allowed: OWNR; did you mean 'OWNR'?; these are the"],
    ['default: { OWNER: [someone] }', 'domains/lab/variables.yaml:1:12: default.OWNER: found a list, allowed:'],
  ])('is refused where %s is all that is declared', async (text, reason) => {
    declare(text);
    await expect(run(...asked)).rejects.toThrow(reason);
  });
});

const broken = path.join(folder, 'broken.odcs.yaml');
writeFileSync(broken, readFileSync(READINGS, 'utf8').replace('logicalType: boolean', 'logicalType: bool'));

test.each([
  [['commerce.silver.order'], "found 'commerce.silver.order', allowed: "],
  [['commerce.silver.order'], "did you mean 'commerce.silver.orders'?"],
  [['no/such.yaml'], 'the file of a contract'],
  [[broken], "found 'bool', allowed: "],
])('%j is refused with the reason', async (args, reason) => {
  await expect(run(...args, '--to', 'avro')).rejects.toThrow(reason);
});

test('a dialect is for SQL only', async () => {
  await expect(run(READINGS, '--to', 'avro', '--dialect', 'spark')).rejects.toThrow('allowed is --to sql');
});
