import { CustomResource, Duration } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { NodeFunction } from './node-function.ts';
import { allow } from './permissions.ts';

export interface LakeSettingsProps {
  readonly environment: Environment;
  /** ARNs of roles that administer Lake Formation beside those that do so already. */
  readonly admins: readonly string[];
}

/**
 * Closes the back door through IAM: what is created from now on is open to nobody by default.
 * CloudFormation's own resource ignores empty lists of defaults and replaces the admins of other teams, so this one
 * reads, changes, writes and reads back.
 */
export class LakeSettings extends Construct {
  constructor(scope: Construct, id: string, { environment, admins }: LakeSettingsProps) {
    super(scope, id);
    const apply = new NodeFunction(this, 'Apply', {
      environment,
      name: 'apply-lake-settings',
      description: 'Empties the default permissions of Lake Formation and adds its administrators',
      memoryMb: 256,
      timeout: Duration.minutes(1),
    });
    allow(apply.role, {
      actions: ['lakeformation:GetDataLakeSettings', 'lakeformation:PutDataLakeSettings'],
      resources: ['*'],
      wildcardReason: 'the settings belong to the account; the service knows no narrower resource',
    });
    new CustomResource(this, 'Settings', {
      resourceType: 'Custom::LakeSettings',
      serviceToken: apply.function.functionArn,
      serviceTimeout: Duration.minutes(2),
      // Once there is an admin, only an admin may change the settings: so the function becomes one.
      properties: { Admins: [apply.role.roleArn, ...admins] },
    });
  }
}
