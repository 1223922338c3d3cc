import type { Check, Contract, Relationship } from '../contract.ts';
import type { Report } from '../problem.ts';

/** Whether a check refuses each row that breaks it; others only count them, warn, or bear a share of them. */
export const isStrict = ({ expect, onFailure }: Check): boolean =>
  expect === undefined && (onFailure === 'quarantine' || onFailure === 'block');

/** Whether values are required without exception. */
export const isRequired = (check: Check): boolean => check.kind === 'required' && isStrict(check);

/** The contract with what its checks require stated on the columns themselves. */
export const withRequired = (contract: Contract): Contract => {
  const names = contract.checks.filter(isRequired).flatMap(({ columns }) => columns);
  const columns = contract.columns.map((column) => ({
    ...column,
    required: column.required || names.includes(column.name),
  }));
  return { ...contract, columns };
};

/** Report the checks and foreign keys that a format has no words for. */
export function reportChecks(
  { checks, relationships }: Contract,
  report: Report,
  isExported: (check: Check) => boolean,
  isKeyExported: (relationship: Relationship) => boolean = () => false,
): void {
  for (const check of checks.filter(({ kind }) => kind !== 'foreignKey')) {
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
