import { type Accounts, countEvents, whatIsMissing } from '../../cli/shared/accounts.ts';
import type { RunItem } from '../../lambdas/shared/ledger.ts';
import type { Contract } from '../../lib/contract/contract.ts';

const silver = {
  domain: 'shop',
  layer: 'silver',
  table: 'orders',
  inputs: [{ table: 'shop.bronze.orders' }],
} as unknown as Contract;

const run = (status: RunItem['status'], startedAt: string): RunItem => ({
  type: 'run',
  v: 1,
  runId: 'shop-1',
  status,
  trigger: 'test',
  startedAt,
  endedAt: '2026-01-01T00:09:00Z',
  steps: [],
  gates: [],
});

/** 10 events sent, 9 landed, 1 quarantined, silver up to date, no run active. */
const atRest = (change: Partial<Accounts> = {}): Accounts => ({
  domain: 'shop',
  sent: [
    { id: '1', source: 'web', events: 7, records: 1, sentAt: '2026-01-01T00:00:00Z' },
    { id: '2', source: 'web', events: 3, records: 1, sentAt: '2026-01-01T00:00:01Z' },
  ],
  tables: new Map([
    ['shop.bronze.orders', { version: 4, rows: 9, accounted: 9, committedAt: '2026-01-01T00:00:05Z' }],
    ['shop.ops.quarantine', { version: 0, rows: 1, accounted: 1 }],
    ['shop.silver.orders', { version: 2, rows: 8, consumed: { 'shop.bronze.orders': 4 } }],
  ]),
  files: new Map(),
  state: { dirty: false, fence: 3 },
  lastRun: run('succeeded', '2026-01-01T00:00:07Z'),
  ...change,
});

const silverAt = (version: number): Accounts['tables'] =>
  new Map([
    ...atRest().tables,
    ['shop.silver.orders', { version: 2, rows: 8, consumed: { 'shop.bronze.orders': version } }],
  ]);

describe('the accounts of a domain', () => {
  test('add up what was sent, landed and quarantined', () => {
    expect(countEvents(atRest())).toEqual({ sent: 10, landed: 9, quarantined: 1 });
  });

  test('miss nothing when every event is accounted for, silver is up to date and no run is active', () => {
    expect(whatIsMissing(atRest(), [silver])).toEqual([]);
  });

  test('miss nothing when more landed than this ledger saw being sent', () => {
    expect(whatIsMissing(atRest({ sent: [] }), [silver])).toEqual([]);
  });

  test('name the events that are nowhere yet', () => {
    const [sent] = atRest().sent;
    const missing = whatIsMissing(atRest({ sent: [...atRest().sent, { ...sent!, id: '3', events: 1500 }] }), [silver]);
    expect(missing).toEqual(['shop: 1,500 of 1,510 sent events are neither landed nor quarantined']);
  });

  test('name the active run', () => {
    const state = { dirty: true, fence: 3, activeRun: 'shop-2' };
    expect(whatIsMissing(atRest({ state }), [silver])).toEqual(['shop: run shop-2 is active']);
  });

  test('name a run that is still to follow', () => {
    expect(whatIsMissing(atRest({ state: { dirty: true, fence: 3 } }), [silver])).toEqual([
      'shop: more was committed, and the run that follows has not started',
    ]);
  });

  test('name a silver table that lags behind its bronze table: its run is still to start', () => {
    const lastRun = run('succeeded', '2026-01-01T00:00:04Z');
    expect(whatIsMissing(atRest({ tables: silverAt(3), lastRun }), [silver])).toEqual([
      'shop.silver.orders holds shop.bronze.orders up to version 3 of 4',
    ]);
  });

  test('do not wait for a silver table whose run has ended without bringing it up to date', () => {
    const lastRun = run('blocked', '2026-01-01T00:00:06Z');
    expect(whatIsMissing(atRest({ tables: silverAt(3), lastRun }), [silver])).toEqual([]);
  });

  test('count what came in files as sent, and wait for files that are announced', () => {
    const files = new Map([['stock', { announced: 2, ended: 1, events: 3 }]]);
    expect(countEvents(atRest({ files })).sent).toBe(13);
    expect(whatIsMissing(atRest({ files }), [silver])).toEqual([
      'shop: 1 file announced and not landed to the end',
      'shop: 3 of 13 sent events are neither landed nor quarantined',
    ]);
  });
});
