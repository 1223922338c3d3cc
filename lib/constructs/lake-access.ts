import { Aws, type CfnResource } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnPrincipalPermissions, CfnTag, CfnTagAssociation } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import { CLASSIFICATIONS, type Classification, PII, type Pii } from '../contract/contract.ts';
import { classesUpTo, MOST_SENSITIVE, type Sensitivity, TIERS, type Tier } from './access-tags.ts';

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

/**
 * Who may read what, by tags alone. Every expression names all four keys, so what lacks one matches nothing.
 * Lake Formation loses or refuses changes made at the same time: each resource here waits for the one before.
 */
export class LakeAccess extends Construct {
  private readonly domains: readonly string[];
  private readonly after: Construct;
  private last: CfnResource | undefined;

  constructor(scope: Construct, id: string, { domains, after }: LakeAccessProps) {
    super(scope, id);
    this.domains = domains;
    this.after = after;
    const tags = { tier: TIERS, domain: domains, class: CLASSIFICATIONS, pii: PII };
    for (const [tagKey, values] of Object.entries(tags))
      this.next(new CfnTag(this, `Tag-${tagKey}`, { catalogId: Aws.ACCOUNT_ID, tagKey, tagValues: [...values] }));
  }

  /** A database is tagged as strictly as can be, so a table that no contract describes inherits nobody's tags. */
  tagDatabase(database: CfnResource, name: string, { tier, domain }: { tier: Tier; domain: string }): void {
    const lfTags = [...pairsOf({ tier, domain }), ...pairsOf(MOST_SENSITIVE)];
    const resource = { database: { catalogId: Aws.ACCOUNT_ID, name } };
    this.next(new CfnTagAssociation(this, `Tags-${name}`, { resource, lfTags })).addResourceDependency(database);
  }

  tagTable(table: CfnResource, at: { database: string; name: string }, sensitivity: Sensitivity): void {
    const resource = { table: { catalogId: Aws.ACCOUNT_ID, databaseName: at.database, name: at.name } };
    const id = `Tags-${at.database}-${at.name}`;
    const lfTags = pairsOf(sensitivity);
    this.next(new CfnTagAssociation(this, id, { resource, lfTags })).addResourceDependency(table);
  }

  /** One association for all columns that are equally sensitive. */
  tagColumns(
    table: CfnResource,
    at: { database: string; name: string },
    columns: ReadonlyMap<string, Sensitivity>,
  ): void {
    for (const [id, { names, sensitivity }] of bySensitivity(columns)) {
      const { database: databaseName, name } = at;
      const resource = { tableWithColumns: { catalogId: Aws.ACCOUNT_ID, databaseName, name, columnNames: names } };
      const lfTags = pairsOf(sensitivity);
      const association = new CfnTagAssociation(this, `Tags-${databaseName}-${name}-${id}`, { resource, lfTags });
      this.next(association).addResourceDependency(table);
    }
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
    this.next(
      new CfnPrincipalPermissions(this, id, {
        principal: { dataLakePrincipalIdentifier: role.roleArn },
        resource: { lfTagPolicy: { catalogId: Aws.ACCOUNT_ID, resourceType, expression: tags } },
        permissions,
        permissionsWithGrantOption: [],
      }),
    );
  }

  private next<R extends CfnResource>(resource: R): R {
    if (this.last) resource.addResourceDependency(this.last);
    else resource.node.addDependency(this.after);
    this.last = resource;
    return resource;
  }
}

type Pairs = CfnTagAssociation.LFTagPairProperty[];

const pairsOf = (tags: object): Pairs =>
  Object.entries(tags).map(([tagKey, value]) => ({ catalogId: Aws.ACCOUNT_ID, tagKey, tagValues: [String(value)] }));

function bySensitivity(columns: ReadonlyMap<string, Sensitivity>) {
  const groups = new Map<string, { names: string[]; sensitivity: Sensitivity }>();
  for (const [name, sensitivity] of columns) {
    const id = `${sensitivity.class}-${sensitivity.pii}`;
    const group = groups.get(id) ?? { names: [], sensitivity };
    groups.set(id, { ...group, names: [...group.names, name] });
  }
  return groups;
}
