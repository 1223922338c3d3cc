import type { Column, Field } from '../contract/contract.ts';
import systemColumns from './system-columns.json' with { type: 'json' };

/** Read by `commit-batches` too, hence JSON. */
const columnOf = ({ name, ...field }: { name: string } & Field): Column => ({
  ...field,
  name,
  required: false,
  classification: 'internal',
  pii: 'none',
  standardise: [],
});

/** What Sluice adds to the contract's columns in every bronze table. */
export const BRONZE_COLUMNS: readonly Column[] = (systemColumns.bronze as ({ name: string } & Field)[]).map(columnOf);

/** The columns of a domain's quarantine. */
export const QUARANTINE_COLUMNS: readonly Column[] = (systemColumns.quarantine as ({ name: string } & Field)[]).map(
  columnOf,
);
