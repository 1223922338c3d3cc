import { Aws, type CfnResource } from 'aws-cdk-lib';
import { CompositePrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPrincipalPermissions, CfnResource as RegisteredLocation } from 'aws-cdk-lib/aws-lakeformation';
import { Construct } from 'constructs';
import type { Lake, Zone } from './lake.ts';

export interface LakeLocationsProps {
  readonly lake: Lake;
  readonly zones: readonly Zone[];
  /** ARN of the role that creates databases and tables there: not even an administrator may without a grant. */
  readonly deployingRole: string;
}

/** Puts the lake's buckets into the hands of Lake Formation, which reads them for whomever a grant lets in. */
export class LakeLocations extends Construct {
  constructor(scope: Construct, id: string, { lake, zones, deployingRole }: LakeLocationsProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new CompositePrincipal(
        new ServicePrincipal('lakeformation.amazonaws.com'),
        new ServicePrincipal('glue.amazonaws.com'),
      ),
    });
    let last: Construct = role;
    for (const zone of zones) {
      lake.grantReadWrite({ role }, zone, '');
      const location = this.register(zone, lake.bucketArn(zone), role);
      location.node.addDependency(last);
      last = this.grant(zone, lake.bucketArn(zone), deployingRole);
      last.node.addDependency(location);
    }
  }

  private register(zone: Zone, resourceArn: string, { roleArn }: Role): RegisteredLocation {
    return new RegisteredLocation(this, `Location-${zone}`, {
      resourceArn,
      roleArn,
      useServiceLinkedRole: false,
      hybridAccessEnabled: false,
    });
  }

  private grant(zone: Zone, resourceArn: string, principal: string): CfnResource {
    return new CfnPrincipalPermissions(this, `Deployer-${zone}`, {
      principal: { dataLakePrincipalIdentifier: principal },
      resource: { dataLocation: { catalogId: Aws.ACCOUNT_ID, resourceArn } },
      permissions: ['DATA_LOCATION_ACCESS'],
      permissionsWithGrantOption: [],
    });
  }
}
