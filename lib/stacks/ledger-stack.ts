import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { publishParameter, readParameter } from '../constructs/names.ts';
import type { Environment } from '../environments.ts';

export interface LedgerStackProps extends StackProps {
  readonly environment: Environment;
  readonly domains: readonly string[];
}

/** What Sluice remembers: runs, versions, the token key, and which gold slot is published. */
export class LedgerStack extends Stack {
  constructor(scope: Construct, id: string, props: LedgerStackProps) {
    super(scope, id, props);
    const { environment, domains } = props;
    const key = Key.fromKeyArn(this, 'LakeKey', readParameter(this, environment, 'storage', 'lake-key-arn'));
    this.addTable(environment, key);
    this.addTokenKey(environment, key);
    for (const domain of domains) this.addSlot(environment, domain);
  }

  private addTable(environment: Environment, key: ReturnType<typeof Key.fromKeyArn>): void {
    const table = new Table(this, 'Ledger', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      deletionProtection: environment.protectData,
      removalPolicy: environment.removalPolicy,
    });
    publishParameter(this, 'LedgerName', { environment, path: ['ledger', 'table'], value: table.tableName });
  }

  private addTokenKey(environment: Environment, encryptionKey: ReturnType<typeof Key.fromKeyArn>): void {
    const secret = new Secret(this, 'TokenKey', {
      description: 'Turns personal values into tokens. Whoever changes it breaks every join over tokens.',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      encryptionKey,
      removalPolicy: environment.removalPolicy,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'a rotated key gives every person a new token, so old and new rows would no longer join',
    });
    publishParameter(this, 'TokenKeyArn', {
      environment,
      path: ['ledger', 'token-secret-arn'],
      value: secret.secretArn,
    });
  }

  /**
   * The slot that consumers see. Publishing changes the value behind CloudFormation's back, on purpose: never change
   * this resource, since an update would write `blue` again.
   */
  private addSlot(environment: Environment, domain: string): void {
    const slot = publishParameter(this, `GoldSlot-${domain}`, {
      environment,
      path: [domain, 'gold-slot'],
      value: 'blue',
    });
    slot.applyRemovalPolicy(environment.removalPolicy);
  }
}
