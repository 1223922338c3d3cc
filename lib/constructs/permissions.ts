import { Stack, Validations } from 'aws-cdk-lib';
import { type Conditions, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';

/** Who receives a permission. A function also receives the setting that goes with it. */
export interface Grantee {
  readonly role: Role;
  addSetting?(name: string, value: string): void;
}

export interface Permission {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** Why a resource holds a wildcard; without a reason a wildcard fails the synthesis. */
  readonly wildcardReason?: string;
}

/** Adds exactly these actions on exactly these resources: the CDK's own grants hold wildcard actions. */
export function allow(role: Role, { actions, resources, conditions, wildcardReason }: Permission): void {
  role.addToPrincipalPolicy(
    new PolicyStatement({ actions: [...actions], resources: [...resources], ...(conditions ? { conditions } : {}) }),
  );
  if (wildcardReason) acknowledgeWildcards(role, resources, wildcardReason);
}

function acknowledgeWildcards(role: Role, resources: readonly string[], reason: string): void {
  const flat = resources.map((resource) => flattenCfnReference(Stack.of(role).resolve(resource)));
  for (const resource of flat.filter((name) => name.includes('*')))
    Validations.of(role).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}
