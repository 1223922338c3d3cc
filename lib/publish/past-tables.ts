import type { Slot } from '../plan/plan.ts';
import type { Publication } from './publication.ts';

/** A gold table as it was in a slot. */
export interface PastTable {
  /** `<domain>.gold.<table>` */
  readonly table: string;
  readonly slot: Slot;
  readonly version: number;
}

export interface LostTable extends PastTable {
  readonly reason: string;
}

/** A publication's tables, as far as they are still deployed. */
export const pastOf = ({ slot, tables }: Publication, deployed: readonly string[]): PastTable[] =>
  deployed.flatMap((table) => (tables[table] ? [{ table, slot, version: tables[table].version }] : []));

/** Why a publication cannot be shown any more; null when it can. */
export function whyLost({ slot, tables }: Publication, lost: readonly LostTable[]): string | null {
  const own = lost.filter((each) => each.slot === slot && tables[each.table]?.version === each.version);
  return own.length > 0 ? own.map(({ table, reason }) => `${table}: ${reason}`).join('; ') : null;
}
