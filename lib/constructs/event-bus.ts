import { Stack } from 'aws-cdk-lib';
import { allow, type Grantee } from './permissions.ts';

/** Lets a function tell the account's default bus what happened; who wants to know makes a rule there. */
export function allowPublish({ role }: Grantee): void {
  const bus = Stack.of(role).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
  allow(role, { actions: ['events:PutEvents'], resources: [bus] });
}
