import { describeClock } from '../../cli/status/by-the-clock.ts';
import type { RunItem } from '../../lambdas/shared/ledger.ts';
import type { Contract, Layer } from '../../lib/contract/contract.ts';
import { byTheClock } from '../../lib/plan/by-the-clock.ts';

const contract = (layer: Layer, timeZone: string, time?: string) =>
  ({
    ...{ domain: 'shop', layer, table: 'sales', schedule: { cron: '0 2 * * *', timeZone } },
    ...(time && { availableBy: { time, timeZone } }),
  }) as Contract;

const run = (
  status: RunItem['status'],
  startedAt: string,
  stoppedAt: 'refine' | 'model' | 'none' = 'none',
): RunItem => ({
  ...{ type: 'run', v: 1, runId: startedAt, status, trigger: 'a test', startedAt, steps: [] },
  gates: stoppedAt === 'none' ? [] : [{ step: stoppedAt, outcome: 'blocked', reasons: [], checks: [] }],
});

const SILVER = contract('silver', 'UTC', '02:30');
const GOLD = contract('gold', 'UTC', '03:00');
const NOW = new Date('2026-11-26T04:00Z');
const YESTERDAY = run('succeeded', '2026-11-25T02:00:20Z');

test.each<[string, RunItem[], overdue: string[]]>([
  ['no run at all', [], []],
  ['a run of the hour', [run('succeeded', '2026-11-26T02:00:20Z'), YESTERDAY], []],
  ['a run with nothing to do', [run('nothing-to-do', '2026-11-26T02:00:20Z'), YESTERDAY], []],
  ['a run that is not done', [run('running', '2026-11-26T02:00:20Z'), YESTERDAY], ['silver', 'gold']],
  ['a run that failed', [run('failed', '2026-11-26T02:00:20Z'), YESTERDAY], ['silver', 'gold']],
  [
    'a run that silver’s gate stopped',
    [run('blocked', '2026-11-26T02:00:20Z', 'refine'), YESTERDAY],
    ['silver', 'gold'],
  ],
  ['a run that gold’s gate stopped', [run('blocked', '2026-11-26T02:00:20Z', 'model'), YESTERDAY], ['gold']],
  ['failures ever since', [run('failed', '2026-11-26T03:50Z')], ['silver', 'gold']],
])('overdue after %s', (_, runs, overdue) => {
  const published = { publishedAt: runs.length > 0 ? '2026-11-25T02:10:00Z' : NOW.toISOString() };
  const clock = byTheClock([SILVER, GOLD], runs, published, NOW);
  expect(clock.overdue.map(({ table }) => table.split('.')[1])).toEqual(overdue);
});

test('a domain that was deployed after its hour owes nothing for that day', () => {
  expect(byTheClock([SILVER, GOLD], [run('failed', '2026-11-26T03:50Z')], null, NOW).overdue).toEqual([]);
});

test('a status tells the next run and what is overdue, as the wall shows it and in UTC', () => {
  const contracts = [contract('silver', 'America/New_York', '03:00'), contract('gold', 'Europe/London'), GOLD];
  const now = new Date('2026-07-02T23:30Z');
  expect(describeClock(byTheClock(contracts, [run('succeeded', '2026-07-01T23:00Z')], null, now))).toEqual([
    'shop.silver.sales is overdue since 2026-07-02 03:00 America/New_York, 07:00 UTC: no run since 2026-07-02 02:00 America/New_York, 06:00 UTC has made it; see docs/runbook.md#overdue-tables',
    'shop.gold.sales is overdue since 2026-07-02 03:00 UTC: no run since 2026-07-02 02:00 UTC has made it; see docs/runbook.md#overdue-tables',
    'next run by the clock at 2026-07-03 02:00 America/New_York, 06:00 UTC (0 2 * * * America/New_York)',
    'next run by the clock at 2026-07-03 02:00 Europe/London, 01:00 UTC (0 2 * * * Europe/London)',
    'next run by the clock at 2026-07-03 02:00 UTC (0 2 * * * UTC)',
  ]);
});
