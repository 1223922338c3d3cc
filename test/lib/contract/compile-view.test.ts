import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { viewSql } from '../../../lib/contract/compile-view.ts';
import { type Contract, tableId } from '../../../lib/contract/contract.ts';
import { loadFiles } from './load-sample.ts';
import { NEW_VERSION, OLD_VERSION } from './older-version.ts';
import { sampleFiles } from './sample-contracts.ts';

const GOLD = 'domains/toys/contracts/gold';

/** The sample with sales in two versions; `edit` makes another old version of it. */
function load(edit: (text: string) => string = (text) => text) {
  const files = sampleFiles('gold', '', '').filter(({ file }) => !file.startsWith(GOLD));
  return loadFiles([
    ...files,
    { file: `${GOLD}/sales.odcs.yaml`, text: NEW_VERSION },
    { file: `${GOLD}/sales_v1.odcs.yaml`, text: edit(OLD_VERSION) },
  ]);
}

const contractOf = (id: string): Contract => {
  const { contracts, problems } = load();
  expect(problems).toEqual([]);
  const contract = contracts.find((each) => tableId(each) === id);
  if (!contract) throw new Error(`no contract ${id}`);
  return contract;
};

test('an older version is a view of the newer one, with names, types, units and nulls as they were', () => {
  const view = contractOf('toys.gold.sales_v1');
  expect(view.inputs).toEqual([{ table: 'toys.gold.sales' }]);
  expect(viewSql(view, contractOf('toys.gold.sales'))).toBe(`select
  "toy" as "toy",
  "units_sold" as "items_sold",
  cast("revenue_cents" * cast('0.01' as decimal(3,2)) as decimal(18,2)) as "revenue",
  coalesce("maker", cast('it''s unknown' as varchar)) as "maker",
  "sold_at" as "sold_at"
from "toys_gold"."sales"`);
});

interface Sale {
  readonly toy: string;
  readonly units: number;
  readonly cents: number | null;
  readonly maker: string | null;
}

const sales = fc.array(
  fc.record({
    toy: fc.string(),
    units: fc.integer({ min: 0, max: 1e9 }),
    cents: fc.option(fc.integer({ min: -1e12, max: 1e12 })),
    maker: fc.option(fc.constantFrom('Brook', "O'Neill", '')),
  }),
  { maxLength: 5 },
);

/** Cents as the euros that the old version promised, exact to the cent. */
const euros = (cents: number): string => {
  const digits = String(Math.abs(cents)).padStart(3, '0');
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
};

const asItWas = ({ toy, units, cents, maker }: Sale): string[] => [
  toy,
  String(units),
  cents === null ? 'null' : euros(cents),
  maker ?? "it's unknown",
  '2026-01-31 10:00:00.123456',
];

test('both versions are read side by side, the old one with the content that it had', async () => {
  const [view, newer] = [contractOf('toys.gold.sales_v1'), contractOf('toys.gold.sales')];
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run('create schema toys_gold');
  await connection.run(
    'create table toys_gold.sales (toy varchar, units_sold bigint, revenue_cents bigint, maker varchar, sold_at timestamp)',
  );
  await connection.run(`create view toys_gold.sales_v1 as ${viewSql(view, newer)}`);
  const read = async (sql: string) =>
    (await connection.runAndReadAll(sql)).getRowsJson().map((row) => row.map((value) => String(value)));
  await fc.assert(
    fc.asyncProperty(sales, async (rows) => {
      await connection.run('delete from toys_gold.sales');
      const insert = await connection.prepare(
        "insert into toys_gold.sales values ($1, $2, $3, $4, '2026-01-31 10:00:00.123456')",
      );
      for (const { toy, units, cents, maker } of rows) {
        insert.bind([toy, BigInt(units), cents === null ? null : BigInt(cents), maker]);
        await insert.run();
      }
      expect((await read('select * from toys_gold.sales_v1')).sort()).toEqual(rows.map(asItWas).sort());
      expect(await read('select count(*), sum(revenue_cents) from toys_gold.sales')).toEqual(
        await read('select count(*), cast(sum(revenue) * 100 as hugeint) from toys_gold.sales_v1'),
      );
    }),
    { numRuns: 30 },
  );
  connection.closeSync();
});

const FILE = `${GOLD}/sales_v1.odcs.yaml`;

test.each([
  [
    'of a table that there is not',
    'versionOf: toys.gold.sales',
    'versionOf: toys.gold.sale',
    "versionOf: found 'toys.gold.sale', allowed: toys.gold.sales; did you mean 'toys.gold.sales'?",
  ],
  [
    'of itself',
    'versionOf: toys.gold.sales',
    'versionOf: toys.gold.sales_v1',
    "versionOf: found 'toys.gold.sales_v1', allowed: toys.gold.sales",
  ],
  [
    'of another layer',
    'versionOf: toys.gold.sales',
    'versionOf: toys.silver.items',
    "versionOf: found 'toys.silver.items', allowed: toys.gold.sales",
  ],
  [
    'as new as the newer one',
    'version: 1.0.0',
    'version: 2.0.0',
    'versionOf: found toys.gold.sales of version 2.0.0, allowed: one above the major version of 2.0.0',
  ],
  [
    'without an end',
    'property: endOfLife',
    'property: endOfSupport',
    'versionOf: found beside no endOfLife, allowed: with an endOfLife among the slaProperties, such as 2027-01-31',
  ],
  ['with an end that is no day', "'2027-01-31'", 'soon', "versionOf: found beside endOfLife 'soon', allowed"],
  [
    'that is none',
    '          versionOf: toys.gold.sales\n',
    '',
    'versionOf: missing, allowed: the table of which the view shows an older version',
  ],
  [
    'with inputs',
    'versionOf: toys.gold.sales',
    'versionOf: toys.gold.sales\n          inputs: [{ table: toys.silver.items }]',
    'inputs: found on a view, allowed: none',
  ],
  [
    'with a column that nothing holds',
    '              items_sold: { from: units_sold }\n',
    '',
    "name: found 'items_sold', allowed: toy, units_sold, revenue_cents, maker, sold_at; say in write.columns.items_sold.from",
  ],
  [
    'of a column that there is not',
    'from: units_sold',
    'from: unit_sold',
    "name: found 'unit_sold', allowed: toy, units_sold",
  ],
  [
    'with a column that it has not',
    'items_sold: { from',
    'item_sold: { from',
    "columns.item_sold: found 'item_sold', allowed: toy, items_sold",
  ],
  [
    'with a null that was none',
    "{ otherwise: it's unknown }",
    '{ from: maker }',
    "required: found true, but toys.gold.sales.maker may be null; say in write.columns what stands there 'otherwise'",
  ],
  [
    'of a type that cannot be',
    'from: revenue_cents',
    'from: sold_at',
    'logicalType: found decimal(18,2), which timestamp of toys.gold.sales.sold_at cannot become',
  ],
  [
    'times what is no number',
    "maker: { otherwise: it's unknown }",
    "maker: { times: '2', otherwise: x }",
    "logicalType: found string of string, allowed beside 'times': numbers",
  ],
  ['times a float', "times: '0.01'", 'times: 0.01', 'times: found 0.01, allowed: text; put it in quotes'],
  ['times SQL', "times: '0.01'", "times: '1) --'", "times: found '1) --', allowed: text that matches"],
  [
    'classified lower',
    'required: true, classification: confidential }',
    'required: true, classification: internal }',
    "classification: found 'internal', allowed: confidential; as toys.gold.sales.maker has it",
  ],
  [
    'with a rule that nobody checks',
    'name: items_sold\n        logicalType: integer',
    'name: items_sold\n        logicalTypeOptions: { minimum: 0 }\n        logicalType: integer',
    'items_sold.minimum: found on a view, where nobody checks it; state minimum of items_sold in toys.gold.sales, too',
  ],
])('an older version %s is refused', (_, found, put, problem) => {
  if (!OLD_VERSION.includes(found)) throw new Error(`the sample has no '${found}'`);
  const { problems } = load((text) => text.replace(found, () => put));
  expect(problems.filter((line) => line.startsWith(FILE)).join('\n')).toContain(problem);
});

test('columns to be made of others are for views alone', () => {
  const text = OLD_VERSION.replace('mode: view', 'mode: rebuild');
  expect(load(() => text).problems.join('\n')).toContain(
    "write.columns: found on a table, allowed: beside mode 'view'",
  );
});
