import type { Check, Contract, Relationship } from '../contract.ts';
import type { Report } from '../problem.ts';

/** Report the checks and foreign keys that a format has no words for. */
export function reportChecks(
  { checks, relationships }: Contract,
  report: Report,
  isExported: (check: Check) => boolean,
  isKeyExported: (relationship: Relationship) => boolean = () => false,
): void {
  for (const check of checks) {
    if (!isExported(check))
      report([...check.columns.slice(0, 1)], `no equal for the check '${check.name}' (${check.kind})`);
  }
  for (const relationship of relationships) {
    const { columns, target } = relationship;
    if (!isKeyExported(relationship))
      report([...columns.slice(0, 1)], `no equal for the foreign key to ${target.table}`);
  }
}

/** Report what formats of types alone do not say. */
export const reportPrivacy = (report: Report): void =>
  report([], 'no equal for classification, personal data and masking');
