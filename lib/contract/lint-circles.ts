import type { Relationship } from './contract.ts';
import { notAllowed, type Report } from './problem.ts';
import { wayBetween } from './way-between.ts';

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
    const way = wayBetween(relationship.target.table, table, (child) => parentsOf(child, refusing));
    if (way)
      report(['customProperties'], `onFailure: ${notAllowed('quarantine', ['block', 'warn'], because(table, way))}`);
  }
}

const parentsOf = (child: string, keys: readonly DeclaredKey[]): string[] =>
  keys.filter(({ table }) => table === child).map(({ relationship }) => relationship.target.table);

const because = (table: string, way: readonly string[]): string =>
  way.length === 1
    ? `rows of ${table} are judged before they are merged, so those of one run would not find one another`
    : `${[table, ...way].join(' → ')}: each would have to be refined before the other; one of them may block or warn`;
