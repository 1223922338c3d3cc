import { ArnFormat, Stack } from 'aws-cdk-lib';
import { type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { readParameter } from './names.ts';
import { allow, type Grantee } from './permissions.ts';

export const ZONES = ['landing', 'bronze', 'silver', 'gold', 'ops', 'evidence'] as const;
export type Zone = (typeof ZONES)[number];

const OBJECT_KEYS = 'object keys below this prefix are not known before the deploy';

/** The lake's buckets and key as another stack sees them: found by parameter, granted by prefix. */
export class Lake extends Construct {
  readonly key: IKey;
  private readonly environment: Environment;

  constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id);
    this.environment = environment;
    this.key = Key.fromKeyArn(this, 'Key', readParameter(this, environment, 'storage', 'lake-key-arn'));
  }

  bucketName(zone: Zone): string {
    return readParameter(this, this.environment, 'storage', `${zone}-bucket`);
  }

  bucketArn(zone: Zone): string {
    return this.arnOf(this.bucketName(zone));
  }

  uri(zone: Zone, path: string): string {
    return `s3://${this.bucketName(zone)}/${path}`;
  }

  /** Tells where zones are, and permits nothing. */
  locate(to: Grantee, ...zones: readonly Zone[]): void {
    for (const zone of zones) to.addSetting?.(`${zone.toUpperCase()}_BUCKET`, this.bucketName(zone));
  }

  /** Names and sizes of objects, not what they hold. */
  grantList(to: Grantee, zone: Zone, ...prefixes: readonly string[]): void {
    this.locate(to, zone);
    allow(to.role, {
      actions: ['s3:ListBucket'],
      resources: [this.bucketArn(zone)],
      conditions: { StringLike: { 's3:prefix': prefixes.map((prefix) => `${prefix}*`) } },
    });
  }

  grantRead(to: Grantee, zone: Zone, ...prefixes: readonly string[]): void {
    this.grantList(to, zone, ...prefixes);
    this.allowObjects(to, zone, prefixes, ['s3:GetObject']);
    this.allowKey(to, ['kms:Decrypt']);
  }

  /** Older versions too: a file that was announced is read as it was then. */
  grantReadVersions(to: Grantee, zone: Zone, ...prefixes: readonly string[]): void {
    this.grantRead(to, zone, ...prefixes);
    this.allowObjects(to, zone, prefixes, ['s3:GetObjectVersion']);
  }

  grantWrite(to: Grantee, zone: Zone, ...prefixes: readonly string[]): void {
    this.allowObjects(to, zone, prefixes, ['s3:PutObject', 's3:AbortMultipartUpload']);
    // A multipart upload decrypts its own parts.
    this.allowKey(to, ['kms:GenerateDataKey', 'kms:Decrypt']);
  }

  grantReadWrite(to: Grantee, zone: Zone, ...prefixes: readonly string[]): void {
    this.grantRead(to, zone, ...prefixes);
    this.grantWrite(to, zone, ...prefixes);
  }

  /** For an engine that keeps tables: it also deletes what its log no longer names. */
  grantManage(to: Grantee, zone: Zone, ...prefixes: readonly string[]): void {
    this.grantReadWrite(to, zone, ...prefixes);
    this.allowObjects(to, zone, prefixes, ['s3:DeleteObject']);
  }

  /** For what takes whole folders away, and reads nothing in them. */
  grantRemove(to: Grantee, zone: Zone, ...prefixes: readonly string[]): void {
    this.grantList(to, zone, ...prefixes);
    this.allowObjects(to, zone, prefixes, ['s3:DeleteObject']);
  }

  /** Seals payloads under the quarantine's key and can open none of them. */
  grantSeal(to: Grantee, domain: string): void {
    to.addSetting?.('QUARANTINE_KEY_ARN', this.quarantineKey);
    this.allowQuarantineKey(to, domain, 'kms:GenerateDataKey');
  }

  /** Reads what was sent, as it was sent. */
  grantUnseal(to: Grantee, domain: string): void {
    this.allowQuarantineKey(to, domain, 'kms:Decrypt');
  }

  private get quarantineKey(): string {
    return readParameter(this, this.environment, 'storage', 'quarantine-key-arn');
  }

  private allowQuarantineKey(to: Grantee, domain: string, action: string): void {
    const conditions = { StringEquals: { 'kms:EncryptionContext:domain': domain } };
    allow(to.role, { actions: [action], resources: [this.quarantineKey], conditions });
  }

  private allowObjects(to: Grantee, zone: Zone, prefixes: readonly string[], actions: readonly string[]): void {
    this.locate(to, zone);
    const resources = prefixes.map((prefix) => this.arnOf(`${this.bucketName(zone)}/${prefix}*`));
    allow(to.role, { actions, resources, wildcardReason: OBJECT_KEYS });
  }

  private allowKey(to: Grantee, actions: readonly string[]): void {
    allow(to.role, { actions, resources: [this.key.keyArn] });
  }

  private arnOf(resource: string): string {
    const format = { service: 's3', region: '', account: '', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME };
    return Stack.of(this).formatArn(format);
  }
}
