import type { Slot } from '../plan/plan.ts';
import type { Publication } from './publication.ts';

/** A table as it was. */
export interface PastTable {
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  /** Of gold; null of silver, which has none. */
  readonly slot: Slot | null;
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
