import {
  type Cancellation,
  type Claim,
  type DomainState,
  type Lease,
  type Ledger,
  LostLeaseError,
  type Published,
  publishedOf,
  type RunItem,
  type Sent,
  type SlotState,
  type TableState,
  type Term,
} from '../../../lambdas/shared/ledger.ts';
import type { History, HistoryKey } from '../../../lib/plan/history.ts';
import type { Override } from '../../../lib/plan/override.ts';
import type { Slot } from '../../../lib/plan/plan.ts';
import type { Replay } from '../../../lib/plan/replay.ts';
import type { GoldHold, GoldRelease, Publication } from '../../../lib/publish/publication.ts';

/** The ledger's promises without DynamoDB; `ledger.test.ts` holds it to what the real one does. */
export class MemoryLedger implements Ledger {
  private readonly states = new Map<string, DomainState>();
  private readonly runItems = new Map<string, RunItem>();
  private readonly tableStates = new Map<string, TableState>();
  private readonly slotStates = new Map<string, SlotState>();
  private readonly publishedNow = new Map<string, Published>();
  private readonly publicationItems = new Map<string, Publication>();
  private readonly goldHolds = new Map<string, GoldHold>();
  private readonly released = new Map<string, readonly GoldRelease[]>();
  private readonly given = new Map<string, Override[]>();
  private readonly measured = new Map<string, History>();
  private readonly waiting = new Map<string, Replay[]>();
  private readonly sentItems = new Map<string, Sent[]>();

  async domainState(domain: string): Promise<DomainState> {
    return this.state(domain);
  }

  async claim({ domain, runId, trigger, at, replaces }: Claim): Promise<boolean> {
    const { activeRun, fence } = this.state(domain);
    if (activeRun !== replaces) return false;
    this.states.set(domain, { activeRun: runId, claimedAt: at, dirty: false, fence: fence + 1 });
    const run: RunItem = { type: 'run', v: 1, runId, status: 'running', trigger, startedAt: at, steps: [], gates: [] };
    this.runItems.set(`${domain}/${runId}`, run);
    return true;
  }

  async takeDomain({ domain, runId }: Lease, { at, until }: Term): Promise<boolean> {
    const { activeRun, dirty, fence } = this.state(domain);
    if (activeRun !== undefined) return false;
    this.states.set(domain, { activeRun: runId, claimedAt: at, heldUntil: until, dirty, fence: fence + 1 });
    return true;
  }

  async markDirty(domain: string): Promise<boolean> {
    const state = this.state(domain);
    if (state.activeRun) this.states.set(domain, { ...state, dirty: true });
    return state.activeRun !== undefined;
  }

  async release({ domain, runId }: Lease): Promise<boolean> {
    const { activeRun, dirty, fence } = this.state(domain);
    if (activeRun !== runId || dirty) return false;
    this.states.set(domain, { dirty, fence });
    return true;
  }

  async abandon({ domain, runId }: Lease): Promise<void> {
    const { activeRun, fence } = this.state(domain);
    if (activeRun === runId) this.states.set(domain, { dirty: true, fence });
  }

  /** As `maintain-tables` takes a domain; that it is free is up to the test. */
  holdFor(domain: string, activeRun: string, { from, until }: { from: string; until: string }): void {
    this.states.set(domain, { ...this.state(domain), activeRun, claimedAt: from, heldUntil: until });
  }

  async run(domain: string, runId: string): Promise<RunItem | null> {
    return this.runItems.get(`${domain}/${runId}`) ?? null;
  }

  async runs(domain: string, limit: number): Promise<RunItem[]> {
    return newest(this.runItems, domain, limit);
  }

  async noteCancellation(domain: string, runId: string, cancellation: Cancellation): Promise<boolean> {
    const run = await this.run(domain, runId);
    if (!run || run.endedAt) return false;
    this.runItems.set(`${domain}/${runId}`, { ...run, cancellation });
    return true;
  }

  async endRun(domain: string, run: RunItem): Promise<boolean> {
    const key = `${domain}/${run.runId}`;
    if (this.runItems.get(key)?.endedAt) return false;
    this.runItems.set(key, run);
    return true;
  }

  async tables(ids: readonly string[]): Promise<ReadonlyMap<string, TableState>> {
    return new Map([...this.tableStates].filter(([id]) => ids.includes(id)));
  }

  async recordTables(lease: Lease, tables: ReadonlyMap<string, TableState>): Promise<void> {
    this.require(lease);
    for (const [id, state] of tables) this.tableStates.set(id, state);
  }

  /** As `commit-batches` does, which needs no lease. */
  commit(id: string, state: TableState): void {
    this.tableStates.set(id, state);
  }

  async slots(domain: string): Promise<ReadonlyMap<Slot, SlotState>> {
    const found = (['blue', 'green'] as const).map((slot) => [slot, this.slotStates.get(`${domain}/${slot}`)] as const);
    return new Map(found.flatMap(([slot, state]) => (state ? [[slot, state] as const] : [])));
  }

  async recordSlot(lease: Lease, slot: Slot, state: SlotState): Promise<void> {
    this.require(lease);
    this.slotStates.set(`${lease.domain}/${slot}`, state);
  }

  async published(domain: string): Promise<Published | null> {
    return this.publishedNow.get(domain) ?? null;
  }

  async recordPublished(lease: Lease, published: Published): Promise<void> {
    this.require(lease);
    this.publishedNow.set(lease.domain, published);
  }

  async recordPublication(lease: Lease, publication: Publication): Promise<void> {
    await this.recordPublished(lease, publishedOf(publication));
    this.publicationItems.set(`${lease.domain}/${publication.id}`, publication);
  }

  async publications(domain: string, limit: number): Promise<Publication[]> {
    return newest(this.publicationItems, domain, limit);
  }

  async holdGold(lease: Lease, hold: GoldHold): Promise<void> {
    this.require(lease);
    this.goldHolds.set(lease.domain, hold);
  }

  async goldHold(domain: string): Promise<GoldHold | null> {
    return this.goldHolds.get(domain) ?? null;
  }

  async releaseGold(domain: string, release: Pick<GoldRelease, 'by' | 'at'>): Promise<boolean> {
    const held = this.goldHolds.get(domain);
    if (held) this.released.set(domain, [{ ...release, held }, ...(this.released.get(domain) ?? [])]);
    return this.goldHolds.delete(domain);
  }

  async goldReleases(domain: string, limit: number): Promise<GoldRelease[]> {
    return (this.released.get(domain) ?? []).slice(0, limit);
  }

  async recordOverride(domain: string, override: Override): Promise<void> {
    this.given.set(domain, [...(this.given.get(domain) ?? []), override]);
  }

  async overrides(domain: string): Promise<Override[]> {
    return this.given.get(domain) ?? [];
  }

  async histories(keys: readonly HistoryKey[]): Promise<History[]> {
    return keys.flatMap((key) => this.measured.get(historyName(key)) ?? []);
  }

  async recordHistory(history: History): Promise<void> {
    this.measured.set(historyName(history), history);
  }

  async recordReplay(domain: string, replay: Replay): Promise<void> {
    const others = (this.waiting.get(domain) ?? []).filter(({ uri }) => uri !== replay.uri);
    this.waiting.set(domain, [...others, replay]);
  }

  async replays(domain: string): Promise<Replay[]> {
    return this.waiting.get(domain) ?? [];
  }

  async forgetReplays(domain: string, uris: readonly string[]): Promise<void> {
    const left = (this.waiting.get(domain) ?? []).filter(({ uri }) => !uris.includes(uri));
    this.waiting.set(domain, left);
  }

  async recordSent(domain: string, sent: Sent): Promise<void> {
    this.sentItems.set(domain, [...(this.sentItems.get(domain) ?? []), sent]);
  }

  async sent(domain: string): Promise<Sent[]> {
    return this.sentItems.get(domain) ?? [];
  }

  /** Read without a pause, so that a read and the write after it are one step, as a condition in DynamoDB makes them. */
  private state(domain: string): DomainState {
    return this.states.get(domain) ?? { dirty: false, fence: 0 };
  }

  private require(lease: Lease): void {
    const { activeRun } = this.state(lease.domain);
    if (activeRun !== lease.runId) throw new LostLeaseError(lease);
  }
}

/** Of items by `<domain>/<id>`, where ids sort by time. */
function newest<T>(items: ReadonlyMap<string, T>, domain: string, limit: number): T[] {
  const keys = [...items.keys()].filter((key) => key.startsWith(`${domain}/`)).sort();
  return keys
    .reverse()
    .slice(0, limit)
    .flatMap((key) => items.get(key) ?? []);
}

const historyName = ({ table, rule, season }: HistoryKey): string => [table, rule, season].join('#');
