import { type Contract, isStored, tableId } from '../contract/contract.ts';
import { lookUp } from './look-up.ts';
import type { PlanInput } from './plan-run.ts';

/** Why a table cannot be made again from bronze, and what can be done instead; null when it can. */
export function wrongTable(input: PlanInput, contract: Contract): string | null {
  const table = tableId(contract);
  const { layers } = lookUp(input);
  if (contract.layer === 'bronze') {
    const made = layers.silver.filter(({ inputs }) => inputs.some((each) => each.table === table)).map(tableId);
    return `${table} holds what was received, and is never changed; what is made of it can be: ${made.join(', ') || 'nothing yet'}`;
  }
  if (contract.layer === 'gold')
    return `${table} is built from silver by runs; \`sluice rebuild ${table}\` builds it in full`;
  if (!isStored(contract)) return `${table} is a view and has no rows of its own; make the table again that it shows`;
  return input.versions[table] === undefined ? `${table} does not exist yet; the next run makes it` : null;
}
