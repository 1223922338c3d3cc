import { judgeDomain } from '../../../lib/watchdog/judge-domain.ts';
import type { Snapshot } from '../../../lib/watchdog/snapshot.ts';
import { newFindings } from '../../../lib/watchdog/watch.ts';
import { ago, CALM, CONTRACTS, hour, run, SETTINGS, weeks } from './snapshots.ts';

const judge = (changes: Partial<Snapshot>) => judgeDomain({ ...CALM, ...changes }, SETTINGS);
const found = (changes: Partial<Snapshot>) => judge(changes).findings.map(({ kind, about }) => `${kind} ${about}`);

const waiting = new Map([...CALM.tables, ['shop.bronze.orders', { committedAt: ago(0.1) }]]);
const arrived = (...hours: ReturnType<typeof hour>[]) =>
  new Map([...CALM.arrivals, ['shop.bronze.orders', { hours, firstHour: '2026-11-20T00' }]]);
const lease = { holder: 'shop-r9', claimedAt: ago(1), isRunning: true };

test('of a domain in which all is well nothing is found, nothing is unknown and nothing is done', () => {
  expect(judgeDomain(CALM, SETTINGS)).toEqual({ findings: [], unknown: [], remedies: [] });
});

test.each<[string, Partial<Snapshot>, string[]]>([
  [
    'a table whose source is late',
    { tables: new Map([['shop.bronze.stock', { committedAt: ago(27) }]]) },
    ['late-table shop.bronze.stock'],
  ],
  [
    'a source that is silent without a promise',
    { tables: new Map([['shop.bronze.orders', { committedAt: ago(99) }]]) },
    [],
  ],
  [
    'silver and gold that do not show what came two hours ago, though more comes each minute',
    {
      runs: [run('failed', ago(2)), run('succeeded', ago(4))],
      tables: waiting,
      arrivals: arrived(hour(3, 5), hour(2, 9)),
    },
    ['failed-run', 'late-table shop.silver.orders', 'late-table shop.gold.sales'],
  ],
  [
    'gold alone, where its gate stops what silver has',
    {
      ...{ tables: waiting, arrivals: arrived(hour(3, 5)) },
      runs: [
        run('blocked', ago(0.05), { gates: [{ step: 'model', outcome: 'blocked', reasons: [], checks: [] }] }),
        run('succeeded', ago(4)),
      ],
    },
    ['blocked-run', 'late-table shop.gold.sales'],
  ],
  ['what came a moment ago', { tables: waiting, arrivals: arrived(hour(0, 5)) }, []],
  ['hours that were made before', { tables: waiting, arrivals: arrived(hour(3, 5)) }, []],
  [
    'hours in which all was refused',
    { tables: waiting, arrivals: arrived(hour(3, 0, 7)), runs: [run('succeeded', ago(4))] },
    [],
  ],
  [
    'much less than on Thursdays at this hour',
    { arrivals: new Map([['shop.bronze.orders', weeks(20, 101)]]) },
    ['unusual-volume shop.bronze.orders'],
  ],
  [
    'nothing at all',
    { arrivals: new Map([['shop.bronze.orders', weeks(0, 101)]]) },
    ['unusual-volume shop.bronze.orders'],
  ],
  ['a little less', { arrivals: new Map([['shop.bronze.orders', weeks(70, 101)]]) }, []],
  ['a cancelled run', { runs: [run('cancelled', ago(0.1)), ...CALM.runs] }, []],
  ['a run that goes on', { lease }, []],
  ['a run that goes on for too long', { lease: { ...lease, claimedAt: ago(5) } }, ['long-run shop-r9']],
  ['a run whose execution has ended', { lease: { ...lease, isRunning: false } }, ['stuck-lease shop-r9']],
  ['a run that has just been claimed', { lease: { ...lease, claimedAt: ago(0.01), isRunning: false } }, []],
  ['maintenance', { lease: { holder: 'm1', heldUntil: ago(-0.1), isRunning: null } }, []],
  [
    'maintenance that never gave back',
    { lease: { holder: 'm1', heldUntil: ago(0.1), isRunning: null } },
    ['stuck-lease m1'],
  ],
  ['dead letters', { queues: [{ queue: 'commits', waiting: 2, oldest: ago(3) }] }, ['dead-letters commits']],
  ['entries that nobody settles', { quarantine: { entries: 1, oldest: ago(24 * 7 + 1) } }, ['old-quarantine shop']],
  ['an empty quarantine', { quarantine: { entries: 0, oldest: null } }, []],
  ['a stream that nobody keeps up with', { iteratorAge: 301 }, ['iterator-age stream of shop']],
])('%s', (_, changes, expected) => {
  const names = found(changes).map((name) => (name.includes('-run shop-2026') ? name.split(' ')[0] : name));
  expect(names).toEqual(expected);
});

test('a table that was promised by an hour, and that no run has made since, is overdue', () => {
  const schedule = { cron: '0 2 * * *', timeZone: 'UTC' };
  const contracts = CONTRACTS.map((contract) =>
    contract.layer === 'gold' ? { ...contract, schedule, availableBy: { time: '03:00', timeZone: 'UTC' } } : contract,
  );
  const failed = [run('failed', '2026-11-26T02:00:10Z'), run('succeeded', '2026-11-25T02:00:10Z')];
  expect(found({ contracts, runs: failed })).toContain('overdue-table shop.gold.sales');
  expect(found({ contracts })).toEqual([]);
});

test.each<[string, Partial<Snapshot>, RegExp]>([
  ['an iterator age without a figure', { iteratorAge: null }, /^iterator age/],
  ['a quarantine that was not counted', { quarantine: null }, /^age of the quarantine/],
  ['a queue that could not be read', { queues: [{ queue: 'files', waiting: null, oldest: null }] }, /'files'/],
  ['an execution that could not be read', { lease: { ...lease, isRunning: null } }, /^whether run shop-r9/],
  ['a table of which too few weeks are known', { arrivals: arrived(hour(1, 5)) }, /bronze\.orders: fewer than 4 weeks/],
])('%s is said to be unknown, and is no finding', (_, changes, expected) => {
  expect(judge(changes)).toMatchObject({ findings: [], unknown: [expect.stringMatching(expected)], remedies: [] });
});

test.each<[string, Partial<Snapshot>, RegExp]>([
  ['without counts', { arrivals: new Map() }, /^freshness of shop\.silver\.orders, shop\.gold\.sales/],
  ['while gold is held', { isGoldHeld: true }, /^freshness of shop\.gold\.sales: gold is held/],
])('%s nobody knows whether a table is late, unless it plainly is', (_, changes, expected) => {
  expect(judge(changes).unknown[0]).toMatch(expected);
  const behind = { ...changes, runs: [run('failed', ago(2)), run('succeeded', ago(30))] };
  const tables = new Map([['shop.bronze.orders', { committedAt: ago(3) }]]);
  expect(found({ ...behind, tables })).toContain('late-table shop.silver.orders');
});

test('a finding is told when it is new or has another cause, and not every hour again', () => {
  const [late] = judge({ queues: [{ queue: 'commits', waiting: 2, oldest: ago(3) }] }).findings;
  const [older] = judge({ queues: [{ queue: 'commits', waiting: 2, oldest: ago(4) }] }).findings;
  const [more] = judge({ queues: [{ queue: 'commits', waiting: 3, oldest: ago(4) }] }).findings;
  if (!late || !older || !more) throw new Error('dead letters are findings');
  expect(newFindings([late], [])).toEqual([late]);
  expect(newFindings([older], [late])).toEqual([]);
  expect(newFindings([more], [late])).toEqual([more]);
});
