import type { Contract } from './contract.ts';

/** What refine adds to each version of a row, in a table that keeps them all: `valid_to` is null while it is valid. */
export const VALIDITY = [
  { name: 'valid_from', type: 'timestamp', required: true },
  { name: 'valid_to', type: 'timestamp', required: false },
  { name: 'is_current', type: 'boolean', required: true },
] as const;

type Written = { readonly write: Pick<Contract['write'], 'mode'> };

/** Whether a table keeps every version of a row. */
export const keepsHistory = ({ write }: Written): boolean => write.mode === 'scd2';

/** Whether a column is one of those that no input has. */
export const isValidity = (table: Written, column: string): boolean =>
  keepsHistory(table) && VALIDITY.some(({ name }) => name === column);
