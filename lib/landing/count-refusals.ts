import { Vector } from 'apache-arrow';
import type { LandedTable } from './landing.ts';
import { quarantineTableOf } from './staged-batch.ts';

/** How many events were refused, by the table that they were meant for; those meant for none are left out. */
export function countRefusals(domain: string, landed: readonly LandedTable[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { table, columns, data } of landed) {
    const meant = data.children[columns.findIndex(({ name }) => name === 'table')];
    if (table !== quarantineTableOf(domain) || !meant) continue;
    for (const name of new Vector([meant])) if (name) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return counts;
}
