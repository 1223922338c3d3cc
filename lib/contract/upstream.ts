import { type Contract, isStored, tableId } from './contract.ts';

/** The tables of other domains that the gold of a domain is made of, in the order of their ids. */
export function upstreamOf(domain: string, contracts: readonly Contract[]): Contract[] {
  const own = contracts.filter((contract) => contract.domain === domain);
  const read = new Set(own.flatMap(({ inputs }) => inputs.map(({ table }) => table)));
  return contracts
    .filter((contract) => contract.domain !== domain && isStored(contract) && read.has(tableId(contract)))
    .sort((a, b) => tableId(a).localeCompare(tableId(b)));
}

/** What has to be known to plan a domain: its contracts, and those of the tables of other domains that it reads. */
export const withUpstream = (domain: string, contracts: readonly Contract[]): Contract[] => [
  ...contracts.filter((contract) => contract.domain === domain),
  ...upstreamOf(domain, contracts),
];

/** Names of the domains that a domain reads of. */
export const upstreamDomains = (domain: string, contracts: readonly Contract[]): string[] => [
  ...new Set(upstreamOf(domain, contracts).map((contract) => contract.domain)),
];
