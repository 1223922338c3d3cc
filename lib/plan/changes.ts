import type { Contract } from '../contract/contract.ts';
import { keepsHistory } from '../contract/history.ts';
import type { PlannedChanges, RefineTask } from './plan.ts';

type Written = Pick<Contract, 'changes' | 'write' | 'domain' | 'table'>;

/** What refine has to know of a table whose events do more than write rows. */
export function changesOf(contract: Written, silverBucket: string): PlannedChanges | null {
  if (!contract.changes) return null;
  const { operation = null, orderBy = null, deletes, truncates } = contract.changes;
  return { operation, deletes, truncates, orderBy, tombstonesUri: besideOf('_tombstones', contract, silverBucket) };
}

export const historyOf = (contract: Written, silverBucket: string): RefineTask['history'] =>
  keepsHistory(contract) ? { imagesUri: besideOf('_images', contract, silverBucket) } : null;

/** In the domain's silver, beside its tables; no table's name begins so. */
const besideOf = (kind: string, { domain, table }: Written, silverBucket: string): string =>
  `s3://${silverBucket}/${domain}/${kind}/${table}`;
