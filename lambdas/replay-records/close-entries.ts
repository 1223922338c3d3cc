import type { LandedTable, Landing } from '../../lib/landing/landing.ts';
import { closingRow } from '../../lib/landing/quarantine-row.ts';
import { quarantineTableOf } from '../../lib/landing/staged-batch.ts';
import type { NamedEntry } from './request.ts';

/** What became of an entry. */
export interface Outcome {
  readonly quarantineId: string;
  /** `Scheduled`: a run judges the row again, and adds the entry that says how it fared. */
  readonly type: 'Replayed' | 'RefusedAgain' | 'NotReplayable' | 'Discarded' | 'Scheduled';
  /** Why it could not be replayed. */
  readonly reason?: string;
}

/** Rows to stage: those that land first, and entries that say so only once they are on their way. */
export interface Judged {
  readonly outcomes: readonly Outcome[];
  readonly landed: readonly LandedTable[];
  readonly entries: readonly LandedTable[];
}

/** An entry with the text of what came. */
export interface OpenedEntry extends NamedEntry {
  readonly text: string;
}

/** Judges events once more, under the contracts of today, each at its place. Deletes nothing: it adds entries. */
export function judgeAgain(domain: string, gate: Landing, opened: readonly OpenedEntry[], at: bigint): Judged {
  const outcomes = opened.map(({ entry, place, text }): Outcome => {
    const again = { attempt: entry.attempts + 1, at, wasHeld: entry.rules.includes('g0.pii') };
    const lands = gate.takeText(text, { ...place, again });
    if (lands) gate.takeEntry(closingRow(domain, entry, place, { status: 'replayed', at, note: null }), place);
    return { quarantineId: entry.quarantine_id, type: lands ? 'Replayed' : 'RefusedAgain' };
  });
  return { outcomes, ...drain(domain, gate) };
}

/** Closes events that nobody will repair. */
export function discard(
  domain: string,
  gate: Landing,
  named: readonly NamedEntry[],
  { at, reason }: { readonly at: bigint; readonly reason: string },
): Judged {
  const outcomes = named.map(({ entry, place }): Outcome => {
    gate.takeEntry(closingRow(domain, entry, place, { status: 'discarded', at, note: reason }), place);
    return { quarantineId: entry.quarantine_id, type: 'Discarded' };
  });
  return { outcomes, ...drain(domain, gate) };
}

function drain(domain: string, gate: Landing) {
  const tables = gate.drain();
  const quarantine = quarantineTableOf(domain);
  return {
    landed: tables.filter(({ table }) => table !== quarantine),
    entries: tables.filter(({ table }) => table === quarantine),
  };
}
