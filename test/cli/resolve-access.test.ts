import { type Grant, resolveAccess, type TaggedTable } from '../../cli/grants/resolve-access.ts';

const tags = (tier: string, level: string): ReadonlyMap<string, string> =>
  new Map([
    ['tier', tier],
    ['class', level],
  ]);

const sales: TaggedTable = {
  name: 'shop_gold.sales',
  columns: new Map([
    ['order_id', tags('gold', 'internal')],
    ['customer_id', tags('gold', 'confidential')],
  ]),
};
const raw: TaggedTable = { name: 'shop_bronze.orders', columns: new Map([['order_id', tags('bronze', 'internal')]]) };

const grant = (change: Partial<Grant>): Grant => ({
  principal: 'business',
  resourceType: 'TABLE',
  permissions: ['SELECT', 'DESCRIBE'],
  expression: { tier: ['gold'], class: ['public', 'internal'] },
  ...change,
});

describe('what grants by tags come to', () => {
  test('a column is readable when each of its tags is among those granted', () => {
    expect(resolveAccess([grant({})], [sales, raw])).toEqual([
      { principal: 'business', table: 'shop_gold.sales', columns: ['order_id'], hidden: ['customer_id'] },
      { principal: 'business', table: 'shop_bronze.orders', columns: [], hidden: ['order_id'] },
    ]);
  });

  test('several grants of one principal add up', () => {
    const both = [grant({}), grant({ expression: { tier: ['gold'], class: ['confidential'] } })];
    expect(resolveAccess(both, [sales])[0]?.hidden).toEqual([]);
  });

  test('a column that lacks a tag of the grant is not readable', () => {
    const untagged: TaggedTable = { name: 'shop_gold.new', columns: new Map([['added_by_hand', new Map()]]) };
    expect(resolveAccess([grant({})], [untagged])[0]?.columns).toEqual([]);
  });

  test('a grant to describe, or on databases, opens no rows', () => {
    const weak = [grant({ permissions: ['DESCRIBE'] }), grant({ resourceType: 'DATABASE' })];
    expect(resolveAccess(weak, [sales])[0]?.columns).toEqual([]);
  });
});
