import { readFileSync } from 'node:fs';
import { describeFinding, describeWatched } from '../../cli/watch/describe-watch.ts';
import { FINDING_KINDS, type Watch } from '../../lib/watchdog/watch.ts';

const watch: Watch = {
  ...{ type: 'watch', v: 1, at: '2026-11-26T17:30:00.000Z' },
  findings: [{ kind: 'dead-letters', about: 'commits', cause: '2', message: '2 wait' }],
  unknown: ['iterator age of the stream: no figure of the last hour'],
  remedies: [
    { kind: 'restart-run', about: 'shop-r1', why: 'it failed', outcome: 'done', detail: 'run shop-r2 started' },
  ],
};
const scores = (date: string, product: number | null, sales: number) =>
  ({
    type: 'score',
    v: 1,
    date,
    product,
    tables: { 'shop.gold.sales': { score: sales, checks: 0.875, completeness: 0.9987 } },
  }) as const;

test('a look is told with what was found, what was done, what is not known, and how good tables are', () => {
  const days = [scores('2026-11-26', 96, 96), scores('2026-11-25', 99, 99), scores('2026-11-24', 70, 60)];
  const lines = describeWatched({ domain: 'shop', watch, scores: days }).split('\n');
  expect(lines.slice(0, 4)).toEqual([
    'shop: looked at 2026-11-26T17:30:00.000Z, 1 finding',
    '  dead-letters commits: 2 wait; see docs/runbook.md#dead-letters',
    '  restart-run shop-r1 done: it failed; run shop-r2 started',
    '  not known: iterator age of the stream: no figure of the last hour',
  ]);
  expect(lines.slice(4).map((line) => line.trim().split(/ {2,}/))).toEqual([
    ['table', 'quality', 'worst before', 'checks', 'freshness', 'completeness'],
    expect.anything(),
    ['all tables', '96', '70'],
    ['shop.gold.sales', '96', '60', '88', '99.8'],
  ]);
});

test('a domain that nobody has looked at says so, and one without a score has no table', () => {
  expect(describeWatched({ domain: 'shop', watch: null, scores: [] })).toMatch(/has not looked yet.*--now/);
  expect(describeWatched({ domain: 'shop', watch, scores: [scores('2026-11-26', null, 0)] })).not.toMatch(/quality/);
});

test('every finding leads to a heading of the runbook', () => {
  const headings = [...readFileSync('docs/runbook.md', 'utf8').matchAll(/^## (.+)$/gm)].map(
    ([, heading = '']) => heading,
  );
  for (const kind of FINDING_KINDS) {
    const [, anchor = ''] = /runbook\.md#(.+)$/.exec(describeFinding({ kind, about: '', message: '' })) ?? [];
    expect(headings).toContain(anchor.replaceAll('-', ' '));
  }
});
