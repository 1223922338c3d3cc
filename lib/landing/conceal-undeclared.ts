import type { Column, Field } from '../contract/contract.ts';
import { isObject } from './shape-row.ts';

/** Stands for a value that no contract declares: it may be personal, and nothing says how to mask it. */
export const UNDECLARED = '(undeclared)';

/** Data as it came, masked, to be shown: of what its columns do not declare, only that it was there. */
export function concealUndeclared(columns: readonly Column[], found: unknown): unknown {
  if (found === null || found === undefined) return found;
  if (!isObject(found)) return UNDECLARED;
  const members = Object.entries(found).map(([name, value]) => {
    const column = columns.find((each) => each.name === name);
    return [name, column ? concealIn(column, value) : UNDECLARED];
  });
  return Object.fromEntries(members);
}

function concealIn({ type, fields = [], items }: Field, found: unknown): unknown {
  if (found === null) return found;
  if (type === 'struct') return concealUndeclared(fields, found);
  if (type === 'array' && items && Array.isArray(found)) return found.map((item) => concealIn(items, item));
  return typeof found === 'object' || type === 'array' ? UNDECLARED : found;
}
