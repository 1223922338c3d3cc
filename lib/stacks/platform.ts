import type { App, Stack, StackProps } from 'aws-cdk-lib';
import { nameOf } from '../constructs/names.ts';
import { type Contract, isStored } from '../contract/contract.ts';
import { upstreamOf } from '../contract/upstream.ts';
import type { Environment } from '../environments.ts';
import { CatalogStack } from './catalog-stack.ts';
import { GovernanceStack } from './governance-stack.ts';
import { IngestStack } from './ingest-stack.ts';
import { LedgerStack } from './ledger-stack.ts';
import { ObservabilityStack } from './observability-stack.ts';
import { ProcessingStack } from './processing-stack.ts';
import { StorageStack } from './storage-stack.ts';

export interface PlatformProps {
  readonly environment: Environment;
  readonly contracts: readonly Contract[];
}

/** All stacks of one environment, by rate of change and by what a mistake would cost. */
export function addPlatform(app: App, { environment, contracts }: PlatformProps): void {
  const domains = [...new Set(contracts.map((contract) => contract.domain))].sort();
  const stack = (...name: string[]) => stackProps(environment, name);
  const storage = new StorageStack(app, nameOf(environment, 'storage'), { environment, ...stack('storage') });
  const ledger = new LedgerStack(app, nameOf(environment, 'ledger'), { environment, domains, ...stack('ledger') });
  const governance = new GovernanceStack(app, nameOf(environment, 'governance'), {
    environment,
    domains,
    ...stack('governance'),
  });
  const catalogs = domains.map((domain) => {
    const own = { environment, domain, contracts: ofDomain(contracts, domain) };
    return new CatalogStack(app, nameOf(environment, domain, 'catalog'), { ...own, ...stack(domain, 'catalog') });
  });
  // One catalogue after the other, since Lake Formation takes one change at a time.
  inOrder(storage, ledger, governance, ...catalogs);
  for (const catalog of catalogs) inOrder(catalog, ...addPipeline(app, environment, catalog.domain, contracts));
}

const ofDomain = (contracts: readonly Contract[], name: string): readonly Contract[] =>
  contracts.filter(({ domain }) => domain === name);

/** What moves a domain's data, and watches it. Views are the catalogue's alone. */
function addPipeline(app: App, environment: Environment, domain: string, contracts: readonly Contract[]): Stack[] {
  const own = { environment, domain, contracts: ofDomain(contracts, domain).filter(isStored) };
  const upstream = upstreamOf(domain, contracts);
  const props = (name: string) => ({ ...own, ...stackProps(environment, [domain, name]) });
  return [
    new IngestStack(app, nameOf(environment, domain, 'ingest'), props('ingest')),
    new ProcessingStack(app, nameOf(environment, domain, 'processing'), { ...props('processing'), upstream }),
    new ObservabilityStack(app, nameOf(environment, domain, 'observability'), props('observability')),
  ];
}

function stackProps({ name, account, region, protectData }: Environment, parts: readonly string[]): StackProps {
  return {
    description: `Sluice ${name}: ${parts.join(' ')}`,
    env: { ...(account ? { account } : {}), ...(region ? { region } : {}) },
    terminationProtection: protectData,
    tags: { 'sluice:environment': name },
  };
}

/** A stack reads by parameter what the ones before it publish. */
function inOrder(...stacks: readonly Stack[]): void {
  stacks.reduce((before, after) => {
    after.addStackDependency(before);
    return after;
  });
}
