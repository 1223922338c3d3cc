import type { Staging } from '../../lambdas/shared/stage-tables.ts';
import { compileLanding, type Landing } from '../../lib/landing/landing.ts';
import type { Row } from '../../lib/landing/row.ts';
import type { Sealer } from '../../lib/landing/seal.ts';
import { tokeniserOf } from '../../lib/landing/tokenise.ts';
import { rowsOf as rowsOfTable } from '../lib/landing/rows-of.ts';
import { CONTRACTS, DOMAIN } from './events.ts';

const tokenise = tokeniserOf('a secret of the simulation, long enough');
/** Nothing is secret here, and a seal takes as long as all else. */
const sealer: Sealer = { seal: (text) => text };

/** The real ingest gate, as it is before and after the deploy of new contracts. Compiled once: it keeps no state. */
export const GATES: Readonly<Record<'before' | 'after', Landing>> = {
  before: compileLanding(DOMAIN, CONTRACTS.before, tokenise, sealer),
  after: compileLanding(DOMAIN, CONTRACTS.after, tokenise, sealer),
};

const rowsByBytes = new WeakMap<Uint8Array, readonly Row[]>();

/** Stands in for Parquet: the rows stay objects. */
export const encode: Staging['encode'] = (table) => {
  const bytes = new Uint8Array();
  rowsByBytes.set(bytes, rowsOfTable(table));
  return bytes;
};

/** The rows of a staged object. */
export function rowsOf(bytes: Uint8Array): readonly Row[] {
  const rows = rowsByBytes.get(bytes);
  if (!rows) throw new Error('these bytes were not made by the encoder of the simulation');
  return rows;
}
