import { type Contract, isStored, tableId } from './contract.ts';
import { notAllowed, type Report } from './problem.ts';
import { upstreamDomains } from './upstream.ts';
import { wayBetween } from './way-between.ts';

/**
 * A table of another domain as an input: of silver, for gold, since that is what a run can read by version; shared by
 * who owns it; and never so that two domains wait for one another.
 */
export function lintUpstream(reader: Contract, input: Contract, contracts: readonly Contract[], report: Report): void {
  const problem = whyUnfit(reader, input) ?? circleOf(reader, input, contracts);
  if (problem !== undefined) report([], problem);
}

function whyUnfit(reader: Contract, input: Contract): string | undefined {
  const other = `found a ${isStored(input) ? `table of ${input.layer}` : 'view'} of ${input.domain}`;
  if (reader.layer !== 'gold')
    return `${other}, allowed: of ${reader.domain}; gold alone reads tables of other domains`;
  if (input.layer !== 'silver' || !isStored(input)) return `${other}, allowed: a table of its silver`;
  return input.sharedWith?.includes(reader.domain) ? undefined : notShared(reader, input);
}

function circleOf({ domain }: Contract, input: Contract, contracts: readonly Contract[]): string | undefined {
  const way = wayBetween(input.domain, domain, (each) => upstreamDomains(each, contracts));
  if (!way) return undefined;
  return `found a table of ${input.domain}, allowed: of domains that do not read ${domain} in turn: ${[domain, ...way].join(' → ')}`;
}

const notShared = ({ domain }: Contract, input: Contract): string =>
  `found ${tableId(input)}, which is not shared with ${domain}; its owner ${input.owner} allows it in ${input.file}: { property: sharedWith, vendor: sluice, value: [${[...(input.sharedWith ?? []), domain].join(', ')}] }`;

/** A name that is no domain would share with nobody, and look as if it did. */
export function lintSharedWith(contract: Contract, domains: readonly string[], report: Report): void {
  const { sharedWith = [], domain, layer } = contract;
  if (sharedWith.length === 0) return;
  if (layer !== 'silver' || !isStored(contract))
    report(
      [],
      `sharedWith: found on ${isStored(contract) ? layer : 'a view'}, allowed: on a table of silver, of which gold of other domains is made`,
    );
  const others = domains.filter((each) => each !== domain);
  for (const name of sharedWith)
    if (!others.includes(name)) report([], `sharedWith: ${notAllowed(name, others, 'these are the other domains')}`);
}
