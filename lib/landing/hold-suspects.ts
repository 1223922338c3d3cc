import type { Contract } from '../contract/contract.ts';
import { KINDS } from '../pii/finding.ts';
import type { Landing, StreamRecord } from './landing.ts';
import type { Place } from './place.ts';
import type { Refusal } from './quarantine-row.ts';
import type { Finding, Row } from './row.ts';
import type { Suspect, TextSampler } from './sample-texts.ts';
import type { LandedTable } from './table-rows.ts';

/** A table of which a whole batch is held, since a column of it holds personal data that its contract does not declare. */
export interface Hold extends Pick<Contract, 'owner' | 'support'> {
  readonly table: string;
  readonly suspects: readonly Suspect[];
  readonly events: number;
}

/** A gate that can be told to refuse all events of some tables. */
export interface HoldableGate extends Landing {
  /** From now on, events of these tables are refused for these reasons, and sealed. */
  hold(tables: ReadonlyMap<string, readonly Finding[]>): void;
}

/** What is known of a table that may be held. */
export interface Watched extends Pick<Contract, 'owner' | 'support'> {
  readonly sampler: TextSampler;
}

/**
 * Looks at what a batch would land before anybody has it. When a table's texts prove undeclared personal data, the batch
 * is taken once more, and all events of the table go to the quarantine instead: sealed, and whole, so that a replay
 * lands them in the same places once the contract says what the column is.
 */
export class HoldingGate implements Landing {
  private readonly gate: HoldableGate;
  private readonly watched: ReadonlyMap<string, Watched>;
  /** What was taken since the last call of `drain`. */
  private taken: (() => void)[] = [];
  /** Events that are judged alone, as in a replay, are looked at by themselves. */
  private isBatch = false;

  constructor(gate: HoldableGate, watched: ReadonlyMap<string, Watched>) {
    this.gate = gate;
    this.watched = watched;
  }

  takeRecord(record: StreamRecord): void {
    this.isBatch = true;
    this.take(() => this.gate.takeRecord(record));
  }

  takeEvent(event: unknown, place: Place): boolean {
    this.isBatch = true;
    return this.take(() => this.gate.takeEvent(event, place));
  }

  takeText(text: string, place: Place): boolean {
    return this.take(() => this.gate.takeText(text, place));
  }

  refuse(place: Place, refusal: Refusal): void {
    this.take(() => this.gate.refuse(place, refusal));
  }

  takeEntry(entry: Row, place: Place): void {
    this.take(() => this.gate.takeEntry(entry, place));
  }

  drain(): LandedTable[] {
    const { taken, isBatch } = this;
    this.taken = [];
    this.isBatch = false;
    const tables = this.gate.drain();
    const holds = isBatch ? tables.flatMap((table) => this.holdOf(table)) : [];
    return holds.length === 0 ? tables : this.takeHeld(taken, holds);
  }

  private take<T>(take: () => T): T {
    this.taken.push(take);
    return take();
  }

  private holdOf({ table, data, count }: LandedTable): Hold[] {
    const watched = this.watched.get(table);
    if (!watched) return [];
    const { sampler, owner, support } = watched;
    const suspects = sampler.suspectsIn(data);
    return suspects.length > 0 ? [{ table, owner, support, suspects, events: count }] : [];
  }

  private takeHeld(taken: readonly (() => void)[], holds: readonly Hold[]): LandedTable[] {
    this.gate.hold(new Map(holds.map(({ table, suspects }) => [table, suspects.map(findingOf)])));
    for (const take of taken) take();
    const tables = this.gate.drain();
    this.gate.hold(new Map());
    // Held events are all in the quarantine, which is the last table.
    return tables.map((table, index) => (index === tables.length - 1 ? { ...table, holds } : table));
  }
}

/** Counts, and never a value. */
export const findingOf = ({ column, kind, hits, values }: Suspect): Finding => ({
  rule: 'g0.pii',
  reason: `column '${column}' seems to hold ${KINDS[kind]} (${hits} of ${values} values looked at); ${FIX}`,
});

const FIX = 'declare it in the contract as pii with a masking, or masking none with approvedBy and reason';
