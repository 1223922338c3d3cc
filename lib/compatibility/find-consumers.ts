import { type Contract, tableId } from '../contract/contract.ts';

/** Who reads a table: a table that is made of it, near or far. */
export interface Consumer {
  readonly table: string;
  readonly owner?: string;
  /** How many tables away: 1 reads the table itself. */
  readonly distance: number;
}

/** All tables that are made of one, of whichever domain, the nearest first. */
export function findConsumers(table: string, contracts: readonly Contract[]): Consumer[] {
  const found = new Map<string, Consumer>();
  let nearest: readonly string[] = [table];
  for (let distance = 1; nearest.length > 0; distance++) {
    const readers = contracts.filter((each) => !found.has(tableId(each)) && reads(each, nearest));
    for (const { owner, ...contract } of readers)
      found.set(tableId(contract), { table: tableId(contract), ...(owner !== undefined && { owner }), distance });
    nearest = readers.map(tableId);
  }
  return [...found.values()];
}

const reads = ({ inputs }: Contract, tables: readonly string[]): boolean =>
  inputs.some(({ table }) => tables.includes(table));
