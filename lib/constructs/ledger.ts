import { Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import type { Lake } from './lake.ts';
import { readParameter } from './names.ts';
import { allow, type Grantee } from './permissions.ts';

/** The run ledger and its keys as another stack sees them. */
export class Ledger extends Construct {
  private readonly environment: Environment;
  private readonly lake: Lake;

  constructor(scope: Construct, id: string, { environment, lake }: { environment: Environment; lake: Lake }) {
    super(scope, id);
    this.environment = environment;
    this.lake = lake;
  }

  grantReadWrite(to: Grantee): void {
    allow(to.role, {
      actions: [
        'dynamodb:GetItem',
        'dynamodb:BatchGetItem',
        'dynamodb:Query',
        'dynamodb:PutItem',
        'dynamodb:UpdateItem',
        'dynamodb:DeleteItem',
        'dynamodb:BatchWriteItem',
        'dynamodb:ConditionCheckItem',
      ],
      resources: [this.locateTable(to)],
    });
    this.allowKey(to, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  /** For the watchdog: it reads what is known of a domain and its tables, and writes beside what it knows of the domain. */
  grantWatch(to: Grantee, domain: string): void {
    const table = this.locateTable(to);
    const keys = (...partitions: readonly string[]) => ({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
    });
    allow(to.role, {
      actions: ['dynamodb:GetItem', 'dynamodb:Query'],
      resources: [table],
      conditions: keys(`DOMAIN#${domain}`, `TABLE#${domain}.*`),
    });
    allow(to.role, {
      actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      resources: [table],
      conditions: keys(`DOMAIN#${domain}`),
    });
    this.allowKey(to, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  /** For a function that only hands batches over: it remembers what it sends, and reads nothing. */
  grantHandOver(to: Grantee, domain: string): void {
    this.grantPut(to, `STAGED#${domain}`);
  }

  /** For a function that only remembers what the next run is to judge again. */
  grantRecordReplay(to: Grantee, domain: string): void {
    this.grantPut(to, `REPLAY#${domain}`);
  }

  private grantPut(to: Grantee, partition: string): void {
    allow(to.role, {
      actions: ['dynamodb:PutItem'],
      resources: [this.locateTable(to)],
      conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [partition] } },
    });
    this.allowKey(to, ['kms:Decrypt', 'kms:GenerateDataKey']);
  }

  private locateTable(to: Grantee): string {
    const table = readParameter(this, this.environment, 'ledger', 'table');
    to.addSetting?.('LEDGER_TABLE', table);
    return Stack.of(this).formatArn({ service: 'dynamodb', resource: 'table', resourceName: table });
  }

  /** The secret that turns personal values into tokens. */
  grantTokenKey(to: Grantee): void {
    this.grantSecret(to, 'TOKEN_SECRET_ARN', 'ledger', 'token-secret-arn');
  }

  /** The secret that makes ids of the rows of a domain's files. */
  grantEventIdKey(to: Grantee, domain: string): void {
    this.grantSecret(to, 'EVENT_ID_SECRET_ARN', domain, 'event-id-secret-arn');
  }

  private grantSecret(to: Grantee, setting: string, ...path: readonly string[]): void {
    const secret = readParameter(this, this.environment, ...path);
    to.addSetting?.(setting, secret);
    allow(to.role, { actions: ['secretsmanager:GetSecretValue'], resources: [secret] });
    this.allowKey(to, ['kms:Decrypt']);
  }

  /** Which gold slot of a domain consumers see. */
  grantWriteSlot(to: Grantee, domain: string): void {
    const name = `sluice/${this.environment.name}/${domain}/gold-slot`;
    to.addSetting?.('SLOT_PARAMETER', `/${name}`);
    const parameter = Stack.of(this).formatArn({ service: 'ssm', resource: 'parameter', resourceName: name });
    allow(to.role, { actions: ['ssm:GetParameter', 'ssm:PutParameter'], resources: [parameter] });
  }

  private allowKey(to: Grantee, actions: readonly string[]): void {
    allow(to.role, { actions, resources: [this.lake.key.keyArn] });
  }
}
