import { type Contract, tableId } from '../../lib/contract/contract.ts';
import type { Arrivals, Snapshot, WaitingLetters, WatchedLease } from '../../lib/watchdog/snapshot.ts';
import type { DeadLetters } from '../shared/dead-letters.ts';
import type { Ledger } from '../shared/ledger.ts';
import type { Executions } from '../shared/ports.ts';
import type { AccountBook, Gauges, WatchLedger } from '../shared/watch-ports.ts';

/** Where the watchdog looks. */
export interface Lookout {
  readonly domain: string;
  readonly contracts: readonly Contract[];
  readonly ledger: Pick<Ledger, 'domainState' | 'goldHold' | 'published' | 'runs' | 'tables'>;
  readonly watches: Pick<WatchLedger, 'remedies'>;
  readonly executions: Pick<Executions, 'isRunning'>;
  readonly accounts: AccountBook;
  readonly queues: readonly DeadLetters[];
  readonly gauges: Gauges;
  /** Says what could not be looked at. */
  readonly warn: (what: string, error: unknown) => void;
}

/** As many as tell how tables were judged last, and how runs went. */
const RUNS = 100;
/** Older counts say nothing of now: they come every few minutes. */
const COUNT_AGE_MS = 2 * 3_600_000;

/** Looks everywhere at once. What cannot be seen is unknown, and hides nothing else; without the ledger nothing is seen. */
export async function takeSnapshot(lookout: Lookout, now: Date): Promise<Snapshot> {
  const { domain, contracts, ledger, watches } = lookout;
  const at = now.toISOString();
  const [tables, runs, lease, published, hold, remedies, counted, queues, iteratorAge] = await Promise.all([
    ledger.tables(contracts.map(tableId)),
    ledger.runs(domain, RUNS),
    leaseOf(lookout),
    ledger.published(domain),
    ledger.goldHold(domain),
    watches.remedies(),
    countedBy(lookout, now),
    Promise.all(lookout.queues.map((queue) => lettersOf(lookout, queue))),
    seen(lookout, 'iterator age', () => lookout.gauges.iteratorAge(now)),
  ]);
  return {
    ...{ domain, now: at, contracts, tables, runs, lease, published, isGoldHeld: hold !== null },
    ...{ ...counted, queues, remedies, iteratorAge: iteratorAge === null ? null : iteratorAge / 1000 },
  };
}

async function leaseOf(lookout: Lookout): Promise<WatchedLease | null> {
  const { activeRun: holder, claimedAt, heldUntil } = await lookout.ledger.domainState(lookout.domain);
  if (holder === undefined) return null;
  const isRun = heldUntil === undefined;
  const isRunning = isRun ? await seen(lookout, holder, () => lookout.executions.isRunning(holder)) : null;
  return { holder, isRunning, ...(claimedAt && { claimedAt }), ...(heldUntil && { heldUntil }) };
}

/** What `balance-accounts` counted; all of it is unknown when it has not come for a while. */
async function countedBy(lookout: Lookout, now: Date): Promise<Pick<Snapshot, 'arrivals' | 'quarantine'>> {
  const { accounts, domain } = lookout;
  const check = await seen(lookout, 'accounts', async () => (await accounts.check(domain)) ?? null);
  const isRecent = check !== null && now.getTime() - Date.parse(check.checkedAt) <= COUNT_AGE_MS;
  if (!isRecent) return { arrivals: new Map(), quarantine: null };
  return { arrivals: await arrivalsOf(lookout, now.toISOString()), quarantine: check.open ?? null };
}

async function arrivalsOf(lookout: Lookout, now: string): Promise<ReadonlyMap<string, Arrivals>> {
  const bronze = lookout.contracts.filter(({ layer }) => layer === 'bronze').map(tableId);
  const found = await Promise.all(
    bronze.map(
      async (table) => [table, await seen(lookout, table, () => lookout.accounts.arrivals(table, now))] as const,
    ),
  );
  return new Map(found.flatMap(([table, arrivals]) => (arrivals ? [[table, arrivals] as const] : [])));
}

async function lettersOf(lookout: Lookout, queue: DeadLetters): Promise<WaitingLetters> {
  const found = await seen(lookout, queue.name, () => queue.look());
  return { queue: queue.name, waiting: found?.waiting ?? null, oldest: found?.oldest ?? null };
}

async function seen<T>({ warn }: Lookout, what: string, look: () => Promise<T | null>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    warn(what, error);
    return null;
  }
}
