import type { Relationship } from './contract.ts';
import { notAllowed, type Report } from './problem.ts';

/** A foreign key where it is declared: of which table, and how to report a problem with it. */
export interface DeclaredKey {
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  readonly relationship: Relationship;
  readonly report: Report;
}

/**
 * Where orphans are refused, rows must find their parents before they are merged: so the parents' table is refined
 * first, and there has to be an order in which that is so of all tables.
 */
export function lintCircles(keys: readonly DeclaredKey[]): void {
  const refusing = keys.filter(({ relationship }) => relationship.onFailure === 'quarantine');
  for (const { table, relationship, report } of refusing) {
    const way = wayBetween(relationship.target.table, table, refusing);
    if (way)
      report(['customProperties'], `onFailure: ${notAllowed('quarantine', ['block', 'warn'], because(table, way))}`);
  }
}

const because = (table: string, way: readonly string[]): string =>
  way.length === 1
    ? `rows of ${table} are judged before they are merged, so those of one run would not find one another`
    : `${[table, ...way].join(' → ')}: each would have to be refined before the other; one of them may block or warn`;

/** The tables from one to another along keys, both among them; undefined when no keys lead there. */
function wayBetween(from: string, to: string, keys: readonly DeclaredKey[]): readonly string[] | undefined {
  const ways = new Map<string, readonly string[]>([[from, [from]]]); // it grows while it is gone through
  for (const [reached, way] of ways) {
    if (reached === to) return way;
    for (const { table, relationship } of keys) {
      const next = relationship.target.table;
      if (table === reached && !ways.has(next)) ways.set(next, [...way, next]);
    }
  }
  return undefined;
}
