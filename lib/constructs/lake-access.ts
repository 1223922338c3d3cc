import { Aws } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnPrincipalPermissions, CfnTag } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import { CLASSIFICATIONS, type Classification, PII, type Pii } from '../contract/contract.ts';
import { classesUpTo, TIERS, type Tier } from './access-tags.ts';
import { OneByOne } from './one-by-one.ts';

export interface LakeAccessProps {
  readonly domains: readonly string[];
  /** What must stand before the first tag does: the deploying role has to be an administrator. */
  readonly after: Construct;
}

/** Whoever reads, and up to which tags. */
export interface Reader {
  readonly role: Role;
  readonly tiers: readonly Tier[];
  readonly highestClass: Classification;
  readonly pii: readonly Pii[];
}

/** Who may read what, by tags alone. Every expression names all four keys, so what lacks one matches nothing. */
export class LakeAccess extends Construct {
  private readonly domains: readonly string[];
  private readonly turn: OneByOne;

  constructor(scope: Construct, id: string, { domains, after }: LakeAccessProps) {
    super(scope, id);
    this.domains = domains;
    this.turn = new OneByOne(after);
    const tags = { tier: TIERS, domain: domains, class: CLASSIFICATIONS, pii: PII };
    for (const [tagKey, values] of Object.entries(tags))
      this.turn.next(new CfnTag(this, `Tag-${tagKey}`, { catalogId: Aws.ACCOUNT_ID, tagKey, tagValues: [...values] }));
  }

  grantRead(id: string, { role, tiers, highestClass, pii }: Reader): void {
    const where = { tier: tiers, domain: this.domains };
    this.grant(`${id}-Databases`, role, 'DATABASE', ['DESCRIBE'], { ...where, class: CLASSIFICATIONS, pii: PII });
    this.grant(`${id}-Tables`, role, 'TABLE', ['SELECT', 'DESCRIBE'], {
      ...where,
      class: classesUpTo(highestClass),
      pii,
    });
  }

  private grant(
    id: string,
    role: Role,
    resourceType: 'DATABASE' | 'TABLE',
    permissions: string[],
    expression: Readonly<Record<string, readonly string[]>>,
  ): void {
    const tags = Object.entries(expression).map(([tagKey, values]) => ({ tagKey, tagValues: [...values] }));
    this.turn.next(
      new CfnPrincipalPermissions(this, id, {
        principal: { dataLakePrincipalIdentifier: role.roleArn },
        resource: { lfTagPolicy: { catalogId: Aws.ACCOUNT_ID, resourceType, expression: tags } },
        permissions,
        permissionsWithGrantOption: [],
      }),
    );
  }
}
