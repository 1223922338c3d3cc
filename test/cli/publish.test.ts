import { describeHistory, type Listed } from '../../cli/publish/describe-publications.ts';

const publication = (id: string, more: Partial<Listed> = {}): Listed => ({
  ...{ type: 'publication', v: 1, id, runId: id, slot: 'blue', publishedAt: '2011-01-04T10:05:00.000Z' },
  ...{ tables: { 'shop.gold.sales': { version: 7, rows: 9 } }, builtFrom: {}, isVisible: false },
  ...more,
});

test('the history says what consumers see now, and who wanted them to see it', () => {
  const rollback = { by: 'ada', reason: 'totals are doubled' };
  const publications = [publication('shop-3', { rollback, runId: 'shop-1', isVisible: true }), publication('shop-2')];
  const lines = describeHistory({ domain: 'shop', publications }).split('\n');
  expect(lines[3]).toMatch(/^shop-3 +now .* rollback to what run shop-1 built, by ada: totals are doubled$/);
  expect(lines[4]).toMatch(/^shop-2 +2011-01-04T10:05:00.000Z +blue +1 +its run$/);
});

test('a domain that published before publications were kept has none to show', () => {
  expect(describeHistory({ domain: 'shop', publications: [] })).toMatch(/^shop: no publication is recorded; /);
});
