import { readFileSync } from 'node:fs';
import path from 'node:path';
import { lintSql, SQL_FUNCTIONS } from '../../../lib/contract/lint-sql.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const { allowed, hostile, ambiguous } = JSON.parse(
  readFileSync(path.join(root, 'test/vectors/sql-rules.json'), 'utf8'),
) as Record<'allowed' | 'hostile' | 'ambiguous', string[]>;

function problemOf(query: string): string | undefined {
  const texts: string[] = [];
  lintSql(query, ['items', 'bronze_visits'], (_, text) => texts.push(text));
  return texts[0];
}

test.each(allowed)('taken: %s', (query) => {
  expect(problemOf(query)).toBeUndefined();
});

test.each(hostile)('refused, as it writes, reads elsewhere, never ends or is no rule: %s', (query) => {
  expect(problemOf(query)).toBeDefined();
});

test.each(ambiguous)('refused, as engines read it differently: %s', (query) => {
  expect(problemOf(query)).toBeDefined();
});

test.each([
  ['SELECT count(*) FROM itmes', "table: found 'itmes', allowed: items, bronze_visits; did you mean 'items'?"],
  ['SELECT 1 FROM items; SELECT 2', 'found 2 statements, allowed: 1'],
  ['SELECT count(*), 1 FROM items', 'found 2 columns, allowed: 1, which is a number'],
  ['SELECT count(*) FROM items -- all', 'found --, allowed: plain SQL; comments stand in the description'],
])('of %j it is told what is allowed', (query, text) => {
  expect(problemOf(query)).toBe(text);
});

test('functions that the lint takes are those that Spark is given', () => {
  const spark = readFileSync(path.join(root, 'spark-jobs/shared/sql_rules.py'), 'utf8');
  const [, list = ''] = /FUNCTIONS = frozenset\(([\s\S]*?)\n\)/.exec(spark) ?? [];
  const names = [...list.matchAll(/"(\w+)"/g)].map(([, name]) => name);
  expect(names.toSorted()).toEqual(SQL_FUNCTIONS.filter((name) => name !== 'exists').toSorted());
});
