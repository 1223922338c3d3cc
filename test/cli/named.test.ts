import {
  domainNamed,
  domainOfRun,
  domainsNamed,
  domainsOf,
  ofOneDomain,
  tableNamed,
  tablesNamed,
} from '../../cli/shared/named.ts';

const both = ['commerce', 'health'];

test('without a name all domains are meant, with one that one', () => {
  expect(domainsNamed(undefined, both)).toEqual(both);
  expect(domainsNamed('health', both)).toEqual(['health']);
});

test('where one domain is needed, the only one need not be named', () => {
  expect(domainNamed(undefined, ['commerce'])).toBe('commerce');
  expect(domainNamed('health', both)).toBe('health');
});

test('one that is not clear is asked for, in the words of the command', () => {
  expect(() => domainNamed(undefined, both)).toThrow(
    'there are several domains; say which: --domain commerce or --domain health',
  );
  expect(() => domainNamed(undefined, both, '')).toThrow('say which: commerce or health');
  expect(() => domainNamed('helth', both)).toThrow(
    "domain 'helth' is unknown or not deployed; there are commerce, health",
  );
  expect(() => domainNamed(undefined, [])).toThrow('no domain is deployed; run `sluice deploy` first');
});

describe('of what several domains have,', () => {
  const orders = { domain: 'commerce', name: 'orders' };
  const returns = { domain: 'commerce', name: 'returns' };
  const scans = { domain: 'health', name: 'scans' };
  const places = [orders, returns, scans];
  const meant = (...waiting: unknown[]) => ofOneDomain(places, async (each) => waiting.includes(each));

  test('that of the only domain is meant in which anything waits, all of it', async () => {
    expect(await meant(returns)).toEqual([orders, returns]);
    expect(await meant(scans)).toEqual([scans]);
  });

  test('nothing is meant where nothing waits', async () => {
    expect(await meant()).toEqual([]);
  });

  test('a person is asked where something waits in several', async () => {
    await expect(meant(returns, scans)).rejects.toThrow(
      'there are several domains; say which: --domain commerce or --domain health',
    );
  });

  test('that of the only domain is meant, whether it waits or not', async () => {
    expect(await ofOneDomain([orders, returns], async () => false)).toEqual([orders, returns]);
  });
});

test('a run tells its domain, also where a name begins like another', () => {
  expect(domainOfRun('shop-eu-20110104t100000-0badcafe', ['shop', 'shop-eu'])).toBe('shop-eu');
  expect(domainOfRun('shop-20110104t100000-0badcafe', ['shop', 'shop-eu'])).toBe('shop');
  expect(domainOfRun('health-20110104t100000-0badcafe', ['shop'])).toBeUndefined();
});

test('tables tell their domains, also where a name begins like another', () => {
  expect(domainsOf(['shop-eu.bronze.orders', 'health.unknown'], ['shop', 'shop-eu', 'health'])).toEqual([
    'shop-eu',
    'health',
  ]);
});

test('a table is meant by its id, its name in SQL or its name alone', () => {
  const tables = ['shop.bronze.orders', 'shop.bronze.returns', 'shop.unknown'];
  for (const name of ['shop.bronze.orders', 'shop_bronze.orders', 'orders'])
    expect(tablesNamed(name, tables)).toEqual(['shop.bronze.orders']);
  expect(tablesNamed('unknown', tables)).toEqual(['shop.unknown']);
  expect(tablesNamed(undefined, tables)).toEqual(tables);
  expect(() => tablesNamed('order', tables)).toThrow(/'order' is unknown; there are shop.bronze.orders/);
});

test('one table is not several', () => {
  const tables = ['shop.bronze.orders', 'shop.silver.orders', 'shop.bronze.returns'];
  expect(tableNamed('returns', tables)).toBe('shop.bronze.returns');
  expect(() => tableNamed('orders', tables)).toThrow(
    "'orders' is shop.bronze.orders and shop.silver.orders; say which",
  );
});
