import { Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { publishParameter, readParameter } from '../constructs/names.ts';
import type { Environment } from '../environments.ts';

export interface LedgerStackProps extends StackProps {
  readonly environment: Environment;
  readonly domains: readonly string[];
}

interface SecretProps {
  readonly environment: Environment;
  readonly encryptionKey: IKey;
  /** Of the parameter that names it. */
  readonly path: readonly string[];
  readonly description: string;
  readonly whyNotRotated: string;
}

/** What Sluice remembers: runs, versions, its keys, and which gold slot is published. */
export class LedgerStack extends Stack {
  constructor(scope: Construct, id: string, props: LedgerStackProps) {
    super(scope, id, props);
    const { environment, domains } = props;
    const key = Key.fromKeyArn(this, 'LakeKey', readParameter(this, environment, 'storage', 'lake-key-arn'));
    this.addTable(environment, key);
    this.addTokenKey(environment, key);
    for (const domain of domains) {
      this.addEventIdKey(environment, key, domain);
      this.addSlot(environment, domain);
    }
  }

  private addTable(environment: Environment, key: IKey): void {
    const table = new Table(this, 'Ledger', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      // Of what is only remembered for a time, such as looks of the watchdog.
      timeToLiveAttribute: 'expiresAt',
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      deletionProtection: environment.protectData,
      removalPolicy: environment.removalPolicy,
    });
    publishParameter(this, 'LedgerName', { environment, path: ['ledger', 'table'], value: table.tableName });
  }

  private addTokenKey(environment: Environment, encryptionKey: IKey): void {
    this.addSecret('TokenKey', {
      environment,
      encryptionKey,
      path: ['ledger', 'token-secret-arn'],
      description: 'Turns personal values into tokens. Whoever changes it breaks every join over tokens.',
      whyNotRotated: 'a rotated key gives every person a new token, so old and new rows would no longer join',
    });
  }

  /** One for each domain: who sends files holds it, and could try guesses with it at what the lake shows of others. */
  private addEventIdKey(environment: Environment, encryptionKey: IKey, domain: string): void {
    this.addSecret(`EventIdKey-${domain}`, {
      environment,
      encryptionKey,
      path: [domain, 'event-id-secret-arn'],
      description: `Makes the ids of rows of files of ${domain}. Whoever changes it lands twice what is sent again.`,
      whyNotRotated: 'a rotated key gives every row of a file a new id, so a file that is sent again would land twice',
    });
  }

  private addSecret(id: string, { environment, encryptionKey, path, description, whyNotRotated }: SecretProps): void {
    const secret = new Secret(this, id, {
      description,
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      encryptionKey,
      removalPolicy: environment.removalPolicy,
    });
    Validations.of(secret).acknowledge({ id: 'AwsSolutions-SMG4', reason: whyNotRotated });
    publishParameter(this, `${id}Arn`, { environment, path, value: secret.secretArn });
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
