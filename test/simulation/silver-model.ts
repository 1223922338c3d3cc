import type { Row } from '../../lib/landing/row.ts';

/** The rules of refine: rows count once by event id, and the newest event of a key wins, by its own time. */
export interface SilverRules {
  readonly isKnown: (silver: Silver, row: Row) => boolean;
  readonly isNewer: (row: Row, held: Row) => boolean;
}

export const SILVER_RULES: SilverRules = {
  isKnown: (silver, row) => silver.events.has(String(row._event_id)),
  isNewer: (row, held) => BigInt(row._event_time as bigint) > BigInt(held._event_time as bigint),
};

/** What `refine` makes of bronze. */
export class Silver {
  /** How often each event counts. */
  readonly events = new Map<string, number>();
  /** The event that each key shows. */
  readonly newest = new Map<string, Row>();
  /** By bronze table: the version up to which it is merged. */
  readonly consumed = new Map<string, number>();
  /** The events that this merge brought. */
  readonly arriving = new Set<string>();

  constructor(private readonly rules: SilverRules) {}

  merge(rows: readonly Row[]): void {
    this.arriving.clear();
    for (const row of rows) if (!this.rules.isKnown(this, row)) this.take(row);
  }

  private take(row: Row): void {
    const id = String(row._event_id);
    this.arriving.add(id);
    this.events.set(id, (this.events.get(id) ?? 0) + 1);
    const held = this.newest.get(String(row.key));
    if (!held || this.rules.isNewer(row, held)) this.newest.set(String(row.key), row);
  }
}

/** Silver's own check: what it stops goes to quarantine, and does not come into the table. */
export const isStopped = (row: Row): boolean => Number(row.amount) < 0;
