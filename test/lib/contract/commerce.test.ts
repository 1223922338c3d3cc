import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Contract, tableId } from '../../../lib/contract/contract.ts';
import { loadContracts } from '../../../lib/contract/load-contracts.ts';
import { parseSourceMapping } from '../../../lib/source/parse-source-mapping.ts';
import { loadFiles } from './load-sample.ts';

const root = path.resolve(import.meta.dirname, '../../..');
const contracts = loadContracts(root).filter(({ domain }) => domain === 'commerce');
const contractOf = (id: string): Contract => contracts.find((contract) => tableId(contract) === id)!;

test('commerce has a table for each step from the event to gold', () => {
  expect(contracts.map(tableId)).toEqual([
    'commerce.bronze.campaign_spend',
    'commerce.bronze.customers',
    'commerce.bronze.fx_rates',
    'commerce.bronze.orders',
    'commerce.bronze.page_views',
    'commerce.bronze.products',
    'commerce.bronze.stock_counts',
    'commerce.gold.gold_customer_segments',
    'commerce.gold.gold_dim_customers',
    'commerce.gold.gold_dim_date',
    'commerce.gold.gold_dim_products',
    'commerce.gold.gold_fact_sales',
    'commerce.gold.gold_marketing_attribution',
    'commerce.gold.gold_product_performance',
    'commerce.gold.gold_segment_summary',
    'commerce.silver.campaign_spend',
    'commerce.silver.customers',
    'commerce.silver.fx_rates',
    'commerce.silver.order_lines',
    'commerce.silver.orders',
    'commerce.silver.page_views',
    'commerce.silver.products',
  ]);
});

test('every column says what it means', () => {
  const silent = contracts.flatMap(({ file, columns }) =>
    columns.filter(({ description }) => !description).map(({ name }) => `${file}: ${name}`),
  );
  expect(silent).toEqual([]);
});

// None has a type, which would give it a key of its own: tokens of orders and of the CRM are to be the same.
test('a customer is the same token in every table', () => {
  const customers = contracts.flatMap(({ columns }) => columns.filter(({ name }) => name === 'customer_id'));
  expect(customers.length).toBeGreaterThan(4);
  for (const { masking, pii, piiType } of customers) {
    expect({ masking, pii, piiType }).toEqual({
      masking: { method: 'tokenise', from: 'bronze', unmaskRole: 'privacy-officer' },
      pii: 'direct',
      piiType: undefined,
    });
  }
});

test('a line without units and a negative price go to quarantine, alone', () => {
  const { checks } = contractOf('commerce.silver.order_lines');
  expect(checks.find(({ id }) => id === 'quantity_not_zero')).toEqual({
    id: 'quantity_not_zero',
    name: 'quantity_not_zero',
    kind: 'notIn',
    columns: ['quantity'],
    values: ['0'],
    onFailure: 'quarantine',
  });
  expect(checks.find(({ id }) => id === 'unit_price.minimum')).toMatchObject({ value: '0', onFailure: 'quarantine' });
});

test('product and order ids are kept exactly as they were sent', () => {
  for (const table of ['commerce.silver.orders', 'commerce.silver.order_lines']) {
    const ids = contractOf(table).columns.filter(({ name }) => ['order_id', 'product_id'].includes(name));
    expect(ids.flatMap(({ standardise }) => standardise)).toEqual([]);
  }
});

test('the compiled contract of order_lines is the one that other parts read', () => {
  const golden = readFileSync(path.join(root, 'test/fixtures/contracts/commerce.silver.order_lines.json'), 'utf8');
  expect(contractOf('commerce.silver.order_lines')).toEqual(JSON.parse(golden));
});

test('the examples of the reference are right', () => {
  const reference = readFileSync(path.join(root, 'docs/contract-reference.md'), 'utf8');
  const examples = [...reference.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => yaml);
  const startingWith = (word: string) => examples.find((yaml) => yaml.startsWith(word)) ?? '';
  const [contract, source] = [startingWith('apiVersion:'), startingWith('source:')];
  const bronze = 'domains/commerce/contracts/bronze/orders.odcs.yaml';
  const { problems } = loadFiles([
    { file: bronze, text: readFileSync(path.join(root, bronze), 'utf8') },
    { file: 'domains/commerce/contracts/silver/order_lines.odcs.yaml', text: contract },
  ]);
  expect(problems).toEqual([]);
  expect(parseSourceMapping('shop.yaml', source).csv?.groupBy).toBe('InvoiceNo');
});
