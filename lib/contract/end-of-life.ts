import type { OdcsContract } from './odcs-contract.ts';

const DAY = /^\d{4}-\d{2}-\d{2}/;

/** The last day on which a contract is served, ISO 8601, and where it stands among the service levels. */
export interface EndOfLife {
  readonly index: number;
  readonly day: string;
}

export function endOfLife({ slaProperties }: OdcsContract): EndOfLife | undefined {
  const index = slaProperties.findIndex(({ property }) => property === 'endOfLife');
  const [day] = DAY.exec(String(slaProperties[index]?.value)) ?? [];
  return day === undefined ? undefined : { index, day };
}

/**
 * What is wrong with a contract whose last day is over, and that is there still: a view or a table, whether it says of
 * what it is an older version or not. Dates are ordered as text.
 */
export function overdueText(odcs: OdcsContract, today: string): string | undefined {
  const end = endOfLife(odcs);
  if (end === undefined || end.day >= today) return undefined;
  return `found ${end.day}, allowed: ${today} or later; take away the contract, or give its readers more time`;
}
