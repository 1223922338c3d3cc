import type { Contract } from '../contract/contract.ts';

/** How many of a table's rows a run may refuse, whatever rules they break, before it is blocked. */
export interface RowLimit {
  readonly percent: number;
  /** Fewer rows are not judged by their share. */
  readonly fromRows: number;
}

/** The limit as a check: its name in results, reasons and overrides. */
export const REFUSED_ROWS = 'rows:refused';

const DEFAULT_PERCENT = 5;
/** An increment may hold a few rows only, and one bad row of ten is no sign of a broken source. */
const ENOUGH_ROWS = 100;

/** The contract's limit for the table; without one, 5 % of a hundred rows or more, or what a rule allows by itself. */
export function rowLimitOf({ blockAbovePercent, checks }: Pick<Contract, 'blockAbovePercent' | 'checks'>): RowLimit {
  if (blockAbovePercent !== undefined) return { percent: blockAbovePercent, fromRows: 1 };
  const stated = checks.map((check) => check.blockAbovePercent ?? 0);
  return { percent: Math.max(DEFAULT_PERCENT, ...stated), fromRows: ENOUGH_ROWS };
}
