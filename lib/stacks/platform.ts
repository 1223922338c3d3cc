import type { App, Stack, StackProps } from 'aws-cdk-lib';
import { nameOf } from '../constructs/names.ts';
import { type Contract, isStored } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import { CatalogStack } from './catalog-stack.ts';
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
  const stored = contracts.filter(isStored); // views are the catalogue's alone
  const stack = (...name: string[]) => stackProps(environment, name);
  const storage = new StorageStack(app, nameOf(environment, 'storage'), { environment, ...stack('storage') });
  const ledger = new LedgerStack(app, nameOf(environment, 'ledger'), { environment, domains, ...stack('ledger') });
  const catalog = new CatalogStack(app, nameOf(environment, 'catalog'), {
    environment,
    domains,
    contracts,
    ...stack('catalog'),
  });
  inOrder(storage, ledger, catalog);
  for (const domain of domains) {
    const own = { environment, domain, contracts: stored.filter((contract) => contract.domain === domain) };
    inOrder(
      catalog,
      new IngestStack(app, nameOf(environment, domain, 'ingest'), { ...own, ...stack(domain, 'ingest') }),
      new ProcessingStack(app, nameOf(environment, domain, 'processing'), { ...own, ...stack(domain, 'processing') }),
      new ObservabilityStack(app, nameOf(environment, domain, 'observability'), {
        ...own,
        ...stack(domain, 'observability'),
      }),
    );
  }
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
