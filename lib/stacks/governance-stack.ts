import { DefaultStackSynthesizer, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Lake } from '../constructs/lake.ts';
import { LakeAccess } from '../constructs/lake-access.ts';
import { LakeLocations } from '../constructs/lake-locations.ts';
import { LakeReaders } from '../constructs/lake-readers.ts';
import { LakeSettings } from '../constructs/lake-settings.ts';
import type { Environment } from '../environments.ts';

export interface GovernanceStackProps extends StackProps {
  readonly environment: Environment;
  readonly domains: readonly string[];
}

/** The lake in the hands of Lake Formation: its tags, and who may read up to which of them. */
export class GovernanceStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    private readonly settings: GovernanceStackProps,
  ) {
    super(scope, id, settings);
    const { environment, domains } = settings;
    const access = new LakeAccess(this, 'LakeAccess', { domains, after: this.governLake() });
    new LakeReaders(this, 'Readers', { environment, domains, access });
  }

  /** Settings first: what is created before them is open to all of IAM. */
  private governLake(): LakeLocations {
    const { environment } = this.settings;
    const deployingRole = this.deployingRole();
    const admins = [deployingRole, ...environment.access.adminRoles.map((name) => this.roleArn(name))];
    const settings = new LakeSettings(this, 'LakeSettings', { environment, admins });
    const zones = ['bronze', 'silver', 'gold', 'ops'] as const;
    const locations = new LakeLocations(this, 'LakeLocations', {
      lake: new Lake(this, 'Lake', environment),
      zones,
      deployingRole,
    });
    locations.node.addDependency(settings);
    return locations;
  }

  /** CloudFormation itself creates tags and grants, which only an administrator may. */
  private deployingRole(): string {
    const { synthesizer } = this;
    if (!(synthesizer instanceof DefaultStackSynthesizer)) throw new Error(`${this.stackName}: unknown synthesizer`);
    return Fn.sub(synthesizer.cloudFormationExecutionRoleArn);
  }

  private roleArn(resourceName: string): string {
    return this.formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
  }
}
