import type { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { type Resource, synthesised } from './synthesised-platform.ts';

/** A small model of Lake Formation's rules, over the templates alone: who can select which column? */
const { app, templates } = synthesised('prod');
const templateOf = (stack: string) => templates.get(`sluice-prod-${stack}`) as Template;
const found = (stack: string, type: string): readonly (readonly [string, Resource])[] =>
  Object.entries(templateOf(stack).findResources(`AWS::LakeFormation::${type}`)) as [string, Resource][];

type Tags = Readonly<Record<string, string>>;
interface Pair {
  readonly TagKey: string;
  readonly TagValues: readonly string[];
}

const columnTags = columnsWithTags();

/** A column has the tags of its database, overridden by those of its table, overridden by its own. */
function columnsWithTags(): ReadonlyMap<string, Tags> {
  const tagsOf = (of: Resource): Tags =>
    Object.fromEntries(of.Properties.LFTags.map(({ TagKey, TagValues }: Pair) => [TagKey, TagValues[0]]));
  const associations = found('shop-catalog', 'TagAssociation').map(([, association]) => association);
  const databases = new Map(associations.map((one) => [one.Properties.Resource.Database?.Name, tagsOf(one)]));
  const tables = new Map(
    associations.map((one) => [
      `${one.Properties.Resource.Table?.DatabaseName}.${one.Properties.Resource.Table?.Name}`,
      tagsOf(one),
    ]),
  );
  return new Map(
    associations.flatMap((one): [string, Tags][] => {
      const { DatabaseName, Name, ColumnNames = [] } = one.Properties.Resource.TableWithColumns ?? {};
      const table = `${DatabaseName}.${Name}`;
      const tags = { ...databases.get(DatabaseName), ...tables.get(table), ...tagsOf(one) };
      return ColumnNames.map((column: string) => [`${table}.${column}`, tags]);
    }),
  );
}

function readableBy(role: string): readonly string[] {
  const grants = found('governance', 'PrincipalPermissions')
    .map(([, { Properties }]) => Properties)
    .filter(
      ({ Principal, Permissions }) =>
        JSON.stringify(Principal).includes(`Readers${role}`) && Permissions.includes('SELECT'),
    );
  const allows = (expression: readonly Pair[], tags: Tags): boolean =>
    expression.every(({ TagKey, TagValues }) => TagValues.includes(tags[TagKey] ?? 'untagged'));
  return [...columnTags.keys()].filter((column) =>
    grants.some(({ Resource: { LFTagPolicy } }) => allows(LFTagPolicy.Expression, columnTags.get(column) ?? {})),
  );
}

test('business users read gold that is not confidential, and nothing else', () => {
  expect(readableBy('BusinessUsers')).toEqual(['shop_gold.sales.day']);
});

test('analysts read silver and gold, tokens included, but nobody in person', () => {
  expect(readableBy('Analysts').toSorted()).toEqual([
    'shop_gold.sales.customer_id',
    'shop_gold.sales.day',
    'shop_silver.orders._contract_version',
    'shop_silver.orders._event_id',
    'shop_silver.orders._event_time',
    'shop_silver.orders._run_id',
    'shop_silver.orders._sequence',
    'shop_silver.orders.customer_id',
    'shop_silver.orders.order_id',
    'shop_silver.orders.total',
  ]);
});

test('engineers read every layer and quarantine, but no payload and nobody in person', () => {
  const readable = readableBy('Engineers');
  expect(readable).toEqual(
    expect.arrayContaining([
      'shop_bronze.orders.customer_id',
      'shop_bronze.orders._sequence',
      'shop_ops.quarantine.reasons',
    ]),
  );
  expect(readable).not.toContain('shop_silver.orders.birth_date');
  expect(readable).not.toContain('shop_ops.quarantine.payload');
  expect(readable).not.toContain('shop_ops.quarantine.sealed');
  expect(readable).not.toContain('shop_gold.sales.margin');
});

test('every grant by tags names all four keys', () => {
  const expressions = found('governance', 'PrincipalPermissions').flatMap(
    ([, { Properties }]) => Properties.Resource.LFTagPolicy?.Expression ?? [],
  );
  const keys = found('governance', 'PrincipalPermissions')
    .filter(([, { Properties }]) => Properties.Resource.LFTagPolicy)
    .map(([, { Properties }]) => Properties.Resource.LFTagPolicy.Expression.map(({ TagKey }: Pair) => TagKey).sort());
  expect(expressions.length).toBeGreaterThan(0);
  expect(new Set(keys.map(String))).toEqual(new Set(['class,domain,pii,tier']));
});

test('nobody is granted the databases in which gold is built', () => {
  const tagged = JSON.stringify([
    ...found('shop-catalog', 'TagAssociation'),
    ...found('governance', 'PrincipalPermissions'),
  ]);
  expect(Object.keys(templateOf('shop-catalog').findResources('AWS::Glue::Database'))).toHaveLength(6);
  expect(tagged).not.toMatch(/shop_gold_(blue|green)/);
});

test('no grant may be passed on, and none gives everything', () => {
  for (const [, { Properties }] of found('governance', 'PrincipalPermissions')) {
    expect(Properties.PermissionsWithGrantOption).toEqual([]);
    expect(Properties.Permissions).not.toContain('ALL');
  }
});

test.each([
  ['governance', ['Tag', 'PrincipalPermissions'], 'LakeAccess'],
  ['shop-catalog', ['TagAssociation'], 'Tags'],
])('what Lake Formation is told by %s comes one after the other', (stack, types, construct) => {
  const ours = types.flatMap((type) => found(stack, type)).filter(([id]) => id.startsWith(construct));
  const ids = new Set(ours.map(([id]) => id));
  const before = ours.map(([, { DependsOn = [] }]) => DependsOn.filter((id) => ids.has(id)));
  expect(ours.length).toBeGreaterThan(8);
  expect(before.filter((dependencies) => dependencies.length === 0)).toHaveLength(1);
  expect(before.every((dependencies) => dependencies.length <= 1)).toBe(true);
});

test('databases are made after the defaults are empty', () => {
  const [settings] = Object.keys(templateOf('governance').findResources('Custom::LakeSettings'));
  const [location] = found('governance', 'Resource');
  expect(location?.[1].DependsOn).toContain(settings);
  const catalog = app.node.findChild('sluice-prod-shop-catalog') as Stack;
  expect(catalog.dependencies.map(({ stackName }) => stackName)).toContain('sluice-prod-governance');
});

test('a gold table lies in the slot that is published when the stack is deployed', () => {
  const [[, table]] = Object.entries(
    templateOf('shop-catalog').findResources('AWS::Glue::Table', { Properties: { TableInput: { Name: 'sales' } } }),
  ) as [[string, Resource]];
  const { Location, SerdeInfo } = table.Properties.TableInput.StorageDescriptor;
  expect(JSON.stringify(Location)).toMatch(/shopgoldslot/);
  expect(SerdeInfo.Parameters.path).toEqual(Location);
});
