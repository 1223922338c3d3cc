import { describeHistory, type Listed } from '../../cli/publish/describe-publications.ts';
import { readHistory } from '../../cli/publish/read-history.ts';
import { MemoryLedger } from '../lambdas/fakes/memory-ledger.ts';
import { PRODUCTS, publicationOf, returnTo, SALES } from '../lib/publish/publications.ts';

const listed = (publication: Partial<Listed>, more: Partial<Listed> = {}): Listed => ({
  ...publicationOf(1),
  ...publication,
  ...{ isVisible: false, lost: null },
  ...more,
});

test('the history says what consumers see now, who wanted them to see it, and what can be returned to', () => {
  const publications = [
    listed(returnTo(1, 'shop-3'), { isVisible: true }),
    listed(publicationOf(2), { lost: `${SALES}: 1 of the 2 files of version 7 are deleted` }),
  ];
  const hold = { by: 'ada', reason: 'totals are doubled', since: '2011-01-05T10:00:00.000Z' };
  const releases = [
    { by: 'grace', at: '2011-01-04T09:00:00.000Z', held: { ...hold, since: '2011-01-03T10:00:00.000Z' } },
  ];
  const lines = describeHistory({ domain: 'shop', hold, releases, publications }).split('\n');
  expect(lines[1]).toBe(
    'gold is held since 2011-01-05T10:00:00.000Z by ada: totals are doubled; `sluice publish release shop` ends it',
  );
  expect(lines[4]).toMatch(/^shop-3 +now .* yes .* rollback to what run shop-1 built, by ada: totals are doubled$/);
  expect(lines.at(-1)).toBe(
    'gold was released at 2011-01-04T09:00:00.000Z by grace; it had been held since 2011-01-03T10:00:00.000Z by ada: totals are doubled',
  );
  expect(lines[5]).toMatch(
    /^shop-2 +2011-01-02T10.* green +2 +no: .* 1 of the 2 files of version 7 are deleted +its run$/,
  );
});

test('a domain that published before publications were kept has none to show', () => {
  expect(describeHistory({ domain: 'shop', hold: null, releases: [], publications: [] })).toMatch(
    /^shop: no publication is recorded; /,
  );
});

test('a publication is lost when one of its tables is, and nothing is looked for where there is none', async () => {
  const ledger = new MemoryLedger();
  const asked: unknown[] = [];
  const restorer = {
    check: async (tables: Parameters<Parameters<typeof readHistory>[0]['restorer']['check']>[0]) => {
      asked.push(...tables);
      return tables.filter(({ version }) => version === 1).map((each) => ({ ...each, reason: 'gone' }));
    },
  };
  const sources = { ledger, restorer, tables: [SALES] };
  expect(await readHistory(sources, 'shop', 9)).toEqual({ domain: 'shop', hold: null, releases: [], publications: [] });
  expect(asked).toEqual([]);
  const lease = { domain: 'shop', runId: 'r' };
  await ledger.claim({ ...lease, trigger: 'a test', at: '' });
  for (const number of [1, 2]) await ledger.recordPublication(lease, publicationOf(number));
  const { publications } = await readHistory(sources, 'shop', 9);
  expect(publications.map(({ id, isVisible, lost }) => [id, isVisible, lost])).toEqual([
    ['shop-2', true, null],
    ['shop-1', false, `${SALES}: gone`],
  ]);
  expect(asked).not.toContainEqual(expect.objectContaining({ table: PRODUCTS }));
});
