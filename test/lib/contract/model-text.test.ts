import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Contract } from '../../../lib/contract/contract.ts';
import { withModels } from '../../../lib/contract/model-text.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'models-'));
  mkdirSync(path.join(root, 'domains/shop/models/marts'), { recursive: true });
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (file: string, text: string) => writeFileSync(path.join(root, 'domains/shop/models', file), text);
const contract = (table: string, layer = 'gold') => ({ domain: 'shop', layer, table }) as Contract;
const modelOf = (table: string) => withModels(root, [contract(table)])[0]?.model;

test('a model is told from another text of its own or of a model behind it, and from nothing else', () => {
  write('rates.sql', 'select 1');
  write('other.sql', 'select 1');
  write('marts/sales.sql', "select * from {{ ref( 'lines' ) }}");
  write('lines.sql', 'select * from {{ ref("rates") }}');
  const before = modelOf('sales');
  expect(before).toMatch(/^[0-9a-f]{16}$/);
  write('other.sql', 'select 2');
  expect(modelOf('sales')).toBe(before);
  write('rates.sql', 'select 2');
  expect(modelOf('sales')).not.toBe(before);
  write('rates.sql', 'select 1');
  expect(modelOf('sales')).toBe(before);
  expect(modelOf('lines')).not.toBe(before);
});

test('models that refer to each other, or to none there is, are read all the same', () => {
  write('a.sql', "{{ ref('b') }}");
  write('b.sql', "{{ ref('a') }} {{ ref('missing') }}");
  expect(modelOf('a')).toBe(modelOf('b'));
});

test('a table without a model, or of another layer, has none', () => {
  write('lines.sql', 'select 1');
  expect(modelOf('sales')).toBeUndefined();
  expect(withModels(root, [contract('lines', 'silver')])).toEqual([contract('lines', 'silver')]);
  expect(withModels(path.join(root, 'nowhere'), [contract('lines')])).toEqual([contract('lines')]);
});
