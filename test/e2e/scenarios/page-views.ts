import type { PlatformUnderTest } from '../platform-under-test.ts';

/** Events that a delivery stream gathers arrive as files, and land once. */
export function pageViews(platform: PlatformUnderTest): void {
  test('page views are gathered into files, and each is in bronze once, its visitor a token', async () => {
    const views = Array.from({ length: 700 }, (_, n) => ({
      view_id: `e2e-view-${n}`,
      visitor_id: 'visitor-4711',
      viewed_at: '2011-03-01T10:00:00Z',
      path: '/products',
    }));
    await platform.succeed('send', 'web', platform.writeLines('views.jsonl', views));
    await platform.succeed('wait', '--timeout', '540');
    const [found] = await platform.query(`
        select count(*) as n, count(distinct view_id) as views, bool_and(visitor_id like 'tok_%') as tokens
        from commerce_bronze.page_views where view_id like 'e2e-view-%'`);
    expect(found).toEqual({ n: 700, views: 700, tokens: true });
  });
}
