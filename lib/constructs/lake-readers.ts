import { Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { TIERS } from './access-tags.ts';
import type { LakeAccess, Reader } from './lake-access.ts';
import { allow } from './permissions.ts';

export interface LakeReadersProps {
  readonly environment: Environment;
  readonly domains: readonly string[];
  readonly access: LakeAccess;
}

/**
 * The roles that people take. They may ask the catalogue and Lake Formation, and nothing else: no object of the lake
 * is open to them but through a grant by tags.
 */
export class LakeReaders extends Construct {
  constructor(scope: Construct, id: string, { environment, domains, access }: LakeReadersProps) {
    super(scope, id);
    const { engineers, analysts, businessUsers } = environment.access;
    const none = ['none'] as const;
    const readers: Readonly<Record<string, Omit<Reader, 'role'> & { roleName: string }>> = {
      Engineers: { roleName: engineers, tiers: TIERS, highestClass: 'confidential', pii: none },
      Analysts: { roleName: analysts, tiers: ['silver', 'gold'], highestClass: 'confidential', pii: none },
      BusinessUsers: { roleName: businessUsers, tiers: ['gold'], highestClass: 'internal', pii: none },
    };
    for (const [who, { roleName, ...reader }] of Object.entries(readers)) {
      const role = new Role(this, who, { roleName, assumedBy: new AccountRootPrincipal() });
      allowCatalogue(role, domains, reader.tiers);
      access.grantRead(who, { role, ...reader });
    }
  }
}

function allowCatalogue(role: Role, domains: readonly string[], tiers: readonly string[]): void {
  const databases = domains.flatMap((domain) => tiers.map((tier) => `${domain}_${tier}`));
  const glue = (resource: string, resourceName?: string): string =>
    Stack.of(role).formatArn({ service: 'glue', resource, ...(resourceName ? { resourceName } : {}) });
  allow(role, {
    actions: ['glue:GetDatabase', 'glue:GetDatabases', 'glue:GetTable', 'glue:GetTables', 'glue:GetPartitions'],
    resources: [glue('catalog'), ...databases.flatMap((name) => [glue('database', name), glue('table', `${name}/*`)])],
    wildcardReason: 'which tables of these databases show, and which of their columns, is decided by tags',
  });
  allow(role, {
    actions: ['lakeformation:GetDataAccess'],
    resources: ['*'],
    wildcardReason: 'the action knows no resource; what it opens is decided by tags',
  });
}
