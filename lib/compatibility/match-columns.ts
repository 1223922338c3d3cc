import type { Property } from '../contract/odcs-table.ts';

type Columns = readonly Property[];

export interface Matched {
  /** The same column in both versions, perhaps under two names. */
  readonly pairs: readonly { readonly was: Property; readonly is: Property }[];
  readonly dropped: Columns;
  readonly added: Columns;
}

/** Which column is which: by its id, which survives a rename, and else by its name. */
export function matchColumns(was: Columns, is: Columns): Matched {
  const byId = pairsBy(was, is, ({ id }) => id);
  const byName = pairsBy(without(was, byId, 'was'), without(is, byId, 'is'), ({ name }) => name);
  const pairs = [...byId, ...byName].sort((a, b) => is.indexOf(a.is) - is.indexOf(b.is));
  return { pairs, dropped: without(was, pairs, 'was'), added: without(is, pairs, 'is') };
}

function pairsBy(was: Columns, is: Columns, key: (column: Property) => string | undefined) {
  return was.flatMap((one) => {
    const other = key(one) === undefined ? undefined : is.find((each) => key(each) === key(one));
    return other ? [{ was: one, is: other }] : [];
  });
}

const without = (columns: Columns, pairs: Matched['pairs'], side: 'was' | 'is'): Columns =>
  columns.filter((column) => !pairs.some((pair) => pair[side] === column));
