import {
  type Backfill,
  type BackfillChange,
  type BackfillLedger,
  type Filled,
  isOver,
} from '../../../lambdas/shared/backfill-ledger.ts';

/** Backfills of one domain; `backfill-ledger.test.ts` holds it to what the real one does. */
export class MemoryBackfillLedger implements BackfillLedger {
  private readonly items = new Map<string, Backfill>();
  private readonly holders = new Map<string, string>();
  private readonly made = new Map<string, Map<number, Filled>>();

  async begin(backfill: Backfill): Promise<boolean> {
    if (this.holders.has(backfill.table)) return false;
    this.holders.set(backfill.table, backfill.id);
    this.items.set(backfill.id, backfill);
    return true;
  }

  async holderOf(_domain: string, table: string): Promise<string | null> {
    return this.holders.get(table) ?? null;
  }

  async backfill(_domain: string, id: string): Promise<Backfill | null> {
    return this.items.get(id) ?? null;
  }

  async backfills(_domain: string, limit: number): Promise<Backfill[]> {
    return [...this.items.values()].sort((a, b) => b.id.localeCompare(a.id)).slice(0, limit);
  }

  async change(known: Backfill, change: BackfillChange): Promise<boolean> {
    const { status, attempt } = this.items.get(known.id) ?? {};
    if (status !== known.status || attempt !== known.attempt) return false;
    const changed = Object.entries({ ...known, ...change }).filter(([, value]) => value !== undefined);
    this.items.set(known.id, Object.fromEntries(changed) as unknown as Backfill);
    if (isOver(change)) this.holders.delete(known.table);
    return true;
  }

  async recordFilled(_domain: string, id: string, filled: Filled): Promise<void> {
    this.made.set(id, (this.made.get(id) ?? new Map()).set(filled.index, filled));
  }

  async filled(_domain: string, id: string): Promise<Filled[]> {
    return [...(this.made.get(id) ?? new Map<number, Filled>()).values()].sort((a, b) => a.index - b.index);
  }
}
