import type { Contract } from '../../../lib/contract/contract.ts';
import { hourAt } from '../../../lib/watchdog/hours.ts';
import type { Arrivals, HourCount, Snapshot, WatchedRun, WatchSettings } from '../../../lib/watchdog/snapshot.ts';
import type { TakenRemedy } from '../../../lib/watchdog/watch.ts';

/** A Thursday. */
export const NOW = '2026-11-26T17:30:00.000Z';

export const ago = (hours: number): string => new Date(Date.parse(NOW) - hours * 3_600_000).toISOString();

export const SETTINGS: WatchSettings = {
  limits: { 'release-lease': 3, 'restart-run': 3, redrive: 5 },
  runLimitMinutes: 240,
  quarantineDays: 7,
};

const contract = (layer: Contract['layer'], table: string, more: Partial<Contract> = {}): Contract => ({
  ...{ id: table, version: '1.0.0', domain: 'shop', layer, table, description: '', granularity: '', columns: [] },
  ...{ checks: [], relationships: [], roles: [], owner: '', support: [], inputs: [], file: '' },
  ...{ write: { mode: 'append', keys: [] }, slas: { freshness: { minutes: 60 } }, ...more },
});

export const CONTRACTS: readonly Contract[] = [
  contract('bronze', 'orders', { slas: { freshness: { minutes: 5 } } }),
  contract('bronze', 'stock', { slas: { freshness: { minutes: 26 * 60 }, frequency: { minutes: 24 * 60 } } }),
  contract('silver', 'orders', { inputs: [{ table: 'shop.bronze.orders' }] }),
  contract('gold', 'sales', { inputs: [{ table: 'shop.silver.orders' }] }),
];

export const run = (status: string, startedAt: string, more: Partial<WatchedRun> = {}): WatchedRun => ({
  ...{ runId: `shop-${startedAt}`, status, startedAt, endedAt: startedAt, gates: [], ...more },
});

export const hour = (hoursAgo: number, landed: number, refused = 0): HourCount => ({
  ...{ hour: hourAt(Date.parse(ago(hoursAgo))), produced: landed + refused, landed, refused },
});

/** As many events in the last three hours, and the same ones of eight weeks. */
export const weeks = (now: number, before: number): Arrivals => {
  const hours = Array.from({ length: 9 }, (_, week) =>
    [1, 2, 3].map((back) => hour(back + week * 7 * 24, week === 0 ? now : before)),
  );
  return { hours: hours.flat(), firstHour: '2026-01-01T00' };
};

/** Everything came, was made half an hour ago, and is as usual. */
export const CALM: Snapshot = {
  domain: 'shop',
  now: NOW,
  contracts: CONTRACTS,
  tables: new Map([
    ['shop.bronze.orders', { committedAt: ago(0.6) }],
    ['shop.bronze.stock', { committedAt: ago(20) }],
  ]),
  runs: [run('succeeded', ago(0.5)), run('succeeded', ago(1.5))],
  lease: null,
  published: { publishedAt: ago(0.4) },
  isGoldHeld: false,
  arrivals: new Map([
    ['shop.bronze.orders', weeks(100, 101)],
    ['shop.bronze.stock', weeks(0, 0)],
  ]),
  quarantine: { entries: 3, oldest: ago(24) },
  queues: [{ queue: 'commits', waiting: 0, oldest: null }],
  iteratorAge: 2,
  remedies: [],
};

export const taken = (kind: TakenRemedy['kind'], about: string, at = NOW): TakenRemedy => ({
  ...{ type: 'remedy', v: 1, kind, about, why: 'a test', at },
});
