import { Aws, type CfnResource } from 'aws-cdk-lib';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { CfnPrincipalPermissions } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import type { Lake } from './lake.ts';

export interface TableWritersProps {
  readonly domain: string;
  readonly lake: Lake;
  readonly jobRole: Role;
  readonly publishRole: Role;
  readonly rollBackRole: Role;
}

type Permissions = readonly ('DESCRIBE' | 'CREATE_TABLE' | 'SELECT' | 'INSERT' | 'DELETE' | 'ALTER' | 'DROP')[];

/**
 * What Lake Formation must let a domain's services do with its catalogue, by name: tags are for readers. One grant
 * after the other, since it loses grants made at the same time.
 */
export class TableWriters extends Construct {
  private last: CfnResource | undefined;

  constructor(scope: Construct, id: string, { domain, lake, ...roles }: TableWritersProps) {
    super(scope, id);
    const { jobRole, publishRole, rollBackRole } = roles;
    this.grantDatabase('ReadBronze', jobRole, `${domain}_bronze`, ['DESCRIBE'], ['SELECT', 'DESCRIBE']);
    this.grantDatabase('WriteSilver', jobRole, `${domain}_silver`, ['DESCRIBE'], WRITE);
    for (const slot of ['blue', 'green'])
      this.grantDatabase(
        `Build-${slot}`,
        jobRole,
        `${domain}_gold_${slot}`,
        ['DESCRIBE', 'CREATE_TABLE'],
        [...WRITE, 'DROP'],
      );
    this.grantDatabase('Publish', publishRole, `${domain}_gold`, ['DESCRIBE'], ['DESCRIBE', 'ALTER']);
    this.grantDatabase('RollBack', rollBackRole, `${domain}_gold`, ['DESCRIBE'], ['DESCRIBE', 'ALTER']);
    for (const [who, role] of Object.entries(roles))
      this.grant(`GoldLocation-${who}`, role, ['DATA_LOCATION_ACCESS'], {
        dataLocation: { catalogId: Aws.ACCOUNT_ID, resourceArn: lake.bucketArn('gold') },
      });
  }

  private grantDatabase(id: string, role: Role, name: string, onDatabase: Permissions, onTables: Permissions): void {
    const catalogId = Aws.ACCOUNT_ID;
    this.grant(`${id}-Database`, role, onDatabase, { database: { catalogId, name } });
    this.grant(`${id}-Tables`, role, onTables, { table: { catalogId, databaseName: name, tableWildcard: {} } });
  }

  private grant(
    id: string,
    role: Role,
    permissions: readonly string[],
    resource: CfnPrincipalPermissions.ResourceProperty,
  ): void {
    const grant = new CfnPrincipalPermissions(this, id, {
      principal: { dataLakePrincipalIdentifier: role.roleArn },
      resource,
      permissions: [...permissions],
      permissionsWithGrantOption: [],
    });
    if (this.last) grant.addResourceDependency(this.last);
    this.last = grant;
  }
}

const WRITE: Permissions = ['SELECT', 'INSERT', 'DELETE', 'DESCRIBE', 'ALTER'];
