import type { Template } from 'aws-cdk-lib/assertions';
import { type Column, type Contract, databaseOf } from '../../../lib/contract/contract.ts';
import { shopContracts } from '../stacks/shop-contracts.ts';
import { synthesised } from '../stacks/synthesised-platform.ts';

const sales = shopContracts.find(({ layer }) => layer === 'gold') as Contract;
const renamed = ([first, ...rest]: readonly Column[]): Column[] => [
  { ...(first as Column), name: 'was_called' },
  ...rest,
];

/** The shop's sales as they were called before. */
const older: Contract = {
  ...sales,
  id: `${sales.id}-v1`,
  table: `${sales.table}_v1`,
  columns: renamed(sales.columns),
  inputs: [{ table: `${sales.domain}.gold.${sales.table}` }],
  versionOf: `${sales.domain}.gold.${sales.table}`,
  write: { mode: 'view', keys: [], columns: { was_called: { from: sales.columns[0]?.name } } },
};

const [before, after] = [synthesised('prod'), synthesised('prod', [...shopContracts, older])].map(
  ({ templates }) => templates,
) as [ReadonlyMap<string, Template>, ReadonlyMap<string, Template>];
const catalog = after.get('sluice-prod-shop-catalog') as Template;
const inputs = Object.values(catalog.findResources('AWS::Glue::Table')).map(({ Properties }) => Properties.TableInput);
const view = inputs.find(({ Name }) => Name === older.table);

test('an older version is in the catalogue as a view that Athena reads, beside the newer one', () => {
  expect(inputs.find(({ Name }) => Name === sales.table)).toMatchObject({ TableType: 'EXTERNAL_TABLE' });
  expect(view).toMatchObject({ TableType: 'VIRTUAL_VIEW', Parameters: { presto_view: 'true' } });
  const [, text = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(view.ViewOriginalText) ?? [];
  const stored = JSON.parse(Buffer.from(text, 'base64').toString());
  expect(stored).toMatchObject({ catalog: 'awsdatacatalog', schema: databaseOf(older) });
  expect(stored.originalSql).toContain(`"${sales.columns[0]?.name}" as "was_called"`);
  expect(stored.originalSql).toContain(`from "${databaseOf(sales)}"."${sales.table}"`);
  const names = older.columns.map(({ name }) => name);
  expect(stored.columns.map(({ name }: { name: string }) => name)).toEqual(names);
  expect(view.StorageDescriptor.Columns.map(({ Name }: { Name: string }) => Name)).toEqual(names);
});

test('a view is tagged by its own contract, so that grants hold for it as for a table', () => {
  const tagged = Object.values(catalog.findResources('AWS::LakeFormation::TagAssociation'))
    .map(({ Properties }) => Properties.Resource.TableWithColumns)
    .filter((table) => table?.Name === older.table);
  expect(tagged.flatMap(({ ColumnNames }) => ColumnNames).sort()).toEqual(older.columns.map(({ name }) => name).sort());
});

test('only the catalogue hears of a view: nobody writes, keeps or checks it', () => {
  expect([...after.keys()]).toEqual([...before.keys()]);
  for (const [stack, template] of after) {
    const isSame = JSON.stringify(template.toJSON()) === JSON.stringify(before.get(stack)?.toJSON());
    expect([stack, isSame]).toEqual([stack, stack !== 'sluice-prod-shop-catalog']);
  }
});
