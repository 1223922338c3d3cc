import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { describeTest, worstOf } from '../../cli/test/describe-test.ts';
import { testTable } from '../../cli/test/test-table.ts';
import type { Check, Column, Contract } from '../../lib/contract/contract.ts';
import type { CheckResult } from '../../lib/plan/plan.ts';
import { loadFiles } from '../lib/contract/load-sample.ts';
import { sampleFiles } from '../lib/contract/sample-contracts.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), "it's a folder-"));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  writeFileSync(file, content);
  return file;
}

const { contracts } = loadFiles(sampleFiles('silver', 'name: items', 'name: items'));
const ITEMS = contracts.find(({ layer }) => layer === 'silver') as Contract;
const VISITS = contracts.find(({ layer }) => layer === 'bronze') as Contract;
const NOW = new Date('2026-01-01T12:00:00Z');

const judge = (file: string, contract = ITEMS, others: Record<string, string> = {}): Promise<CheckResult[]> => {
  const id = `toys.${contract.layer}.${contract.table}`;
  return testTable(contract, contracts, new Map([[id, file], ...Object.entries(others)]), NOW);
};
const failuresOf = (results: readonly CheckResult[]) =>
  results.filter(({ failed, error }) => failed > 0 || error !== null).map(({ id, failed }) => [id, failed]);

const CSV = 'visit_id,toy,price,email\nv1,bear,1.50,tok\nv1,bear,0,\nv2,,many,"a,b"\n';
const FAILURES = [
  ['type:price', 1],
  ['toy.required', 1],
  ['primary_key.unique', 1],
  ['price_known', 1],
];

test('rows of a CSV file are judged by type, rule and key', async () => {
  expect(failuresOf(await judge(fileOf('rows.csv', CSV)))).toEqual(FAILURES);
  expect(failuresOf(await judge(fileOf('rows.csv.gz', gzipSync(CSV))))).toEqual(FAILURES);
});

test('what only earlier runs can judge is measured and passes: a laptop has no history', async () => {
  const implementation = (text: string) =>
    sampleFiles(
      'silver',
      'metric: rowCount, mustBeGreaterThan: 0',
      `type: custom, engine: sluice, implementation: ${text}`,
    );
  const told = async (text: string) => {
    const contract = loadFiles(implementation(text)).contracts.find(({ layer }) => layer === 'silver') as Contract;
    const lines = describeTest(contract, await judge(fileOf('rows.csv', CSV), contract)).split('\n');
    return lines.find((line) => line.startsWith('not_empty'))?.replace(/ {2,}/g, ' | ');
  };
  const season = 'as in earlier runs (season: none, from 14 points on)';
  expect(await told('{ check: anomaly, measure: rowCount }')).toBe(`not_empty | rows: ${season} | 3 | passed`);
  expect(await told('{ check: drift, column: toy, values: [bear] }')).toBe(
    `not_empty | toy: values spread as usual: ${season} | counted, not compared | passed`,
  );
});

test('rows of a JSON file are judged alike, whether as lines or as a list', async () => {
  const rows = [
    { visit_id: 'v1', toy: 'bear', price: '1.50', email: 'tok' },
    { visit_id: 'v1', toy: 'bear', price: 0, email: null },
    { visit_id: 'v2', price: 'many', email: 'a,b' },
  ];
  expect(failuresOf(await judge(fileOf('rows.json', JSON.stringify(rows))))).toEqual(FAILURES);
  const lines = rows.map((row) => JSON.stringify(row)).join('\n');
  expect(failuresOf(await judge(fileOf('rows.jsonl', lines)))).toEqual(FAILURES);
});

test('rows of a Parquet file are judged alike', async () => {
  const connection = await (await DuckDBInstance.create()).connect();
  const file = path.join(folder, 'rows.parquet');
  const values = "('v1', 'bear', '1.50', 'tok'), ('v1', 'bear', '0', NULL), ('v2', NULL, 'many', 'a,b')";
  const rows = `SELECT * FROM (VALUES ${values}) t(visit_id, toy, price, email)`;
  await connection.run(`COPY (${rows}) TO '${file.replaceAll("'", "''")}' (FORMAT parquet)`);
  connection.closeSync();
  expect(failuresOf(await judge(file))).toEqual(FAILURES);
});

test('nested values have their types', async () => {
  const file = fileOf(
    'visits.jsonl',
    '{"visit_id":"v1","items":[{"toy":"bear","price":"1.50"}]}\n{"visit_id":"v2","items":null}\n{"visit_id":"v3","items":7}',
  );
  expect(failuresOf(await judge(file, VISITS))).toEqual([
    ['columns', 1], // there is no e-mail
    ['type:items', 1],
  ]);
});

test('columns that are missing or unknown are named, but for those of Sluice itself', async () => {
  const results = await judge(fileOf('other.csv', 'visit_id,toy,cost,_event_id\nv1,bear,1,e\n'));
  expect(results[0]).toMatchObject({
    id: 'columns',
    failed: 3,
    error: 'columns differ from the contract in cost, price, email; allowed: visit_id, toy, price, email',
  });
});

const KNOWN: Check = {
  ...{ id: 'known', name: 'known', kind: 'foreignKey', columns: ['visit_id'], onFailure: 'warn' },
  references: { table: 'toys.bronze.visits', columns: ['visit_id'] },
};

test('a reference leads into the file of the other table, and without one it could not be followed', async () => {
  const rows = fileOf('rows.csv', 'visit_id,toy,price,email\nv1,bear,1,\nv9,bear,1,\n');
  const visits = fileOf('visits.csv', 'visit_id,email,items\nv1,,\n');
  const contract = { ...ITEMS, checks: [KNOWN] };
  expect(failuresOf(await judge(rows, contract, { 'toys.bronze.visits': visits }))).toEqual([['known', 1]]);
  expect((await judge(rows, contract)).at(-1)?.error).toContain('toys.bronze.visits');
});

test('a reference that refuses orphans says how many it would refuse, and blocks above its share', async () => {
  const rows = fileOf('rows.csv', 'visit_id,toy,price,email\nv1,bear,1,\nv9,bear,1,\n,bear,1,\n');
  const visits = { 'toys.bronze.visits': fileOf('visits.csv', 'visit_id,email,items\nv1,,\n') };
  const told = async (check: Partial<Check>) => {
    const contract = { ...ITEMS, checks: [{ ...KNOWN, ...check }] };
    return describeTest(contract, await judge(rows, contract, visits))
      .split('\n')
      .at(-2);
  };
  const found = /^known +visit_id: in toys.bronze.visits \(visit_id\) +1 of 3 failed +/.source;
  expect(await told({ onFailure: 'quarantine' })).toMatch(new RegExp(`${found}quarantined`));
  expect(await told({ onFailure: 'quarantine', blockAbovePercent: 34 })).toMatch(new RegExp(`${found}quarantined`));
  expect(await told({ onFailure: 'quarantine', blockAbovePercent: 33 })).toMatch(new RegExp(`${found}blocked`));
});

test('what is told says what was expected and found, and the worst outcome', async () => {
  const results = await judge(fileOf('rows.csv', CSV));
  expect(worstOf(results)).toBe('blocked');
  const lines = describeTest(ITEMS, results).split('\n');
  expect(lines.find((line) => line.startsWith('price_known'))).toMatch(/price: anything but 0 +1 of 3 failed +blocked/);
  expect(lines.find((line) => line.startsWith('not_empty'))).toMatch(/more than 0 rows +3 rows +passed/);
  expect(lines.at(-1)).toBe('toys.silver.items 1.0.0: blocked, 10 rules');
});

test('a file that is not there or of another kind is refused with what is allowed', async () => {
  await expect(judge(path.join(folder, 'none.csv'))).rejects.toThrow('there is no such file');
  await expect(judge(fileOf('rows.xml', ''))).rejects.toThrow("found '.xml', allowed: csv, parquet, json");
  await expect(judge(fileOf('broken.parquet', 'PAR1'))).rejects.toThrow('cannot be read');
});

test('names of columns may hold any character', async () => {
  const name = `it's "x" \`$.y`;
  const column: Column = { ...(ITEMS.columns[0] as Column), name };
  const contract = { ...ITEMS, columns: [column], checks: [{ ...KNOWN, kind: 'required', columns: [name] } as Check] };
  const file = fileOf('names.json', JSON.stringify([{ [name]: 'a' }, { [name]: null }]));
  const results = await testTable(contract, [contract], new Map([['toys.silver.items', file]]), NOW);
  expect(failuresOf(results)).toEqual([['known', 1]]);
});
