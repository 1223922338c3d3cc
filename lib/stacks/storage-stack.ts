import { Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type LifecycleRule,
  ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { LakeBucket, type LakeBucketProps } from '../constructs/lake-bucket.ts';
import { publishParameter } from '../constructs/names.ts';
import type { Environment, EvidenceLock } from '../environments.ts';

export interface StorageStackProps extends StackProps {
  readonly environment: Environment;
}

/** The lake's buckets, their key and the quarantine's: kept when the stack goes, found by parameter. */
export class StorageStack extends Stack {
  private readonly environmentOfStack: Environment;
  private readonly lakeKey: Key;
  private readonly accessLogs: Bucket;

  constructor(scope: Construct, id: string, props: StorageStackProps) {
    super(scope, id, props);
    this.environmentOfStack = props.environment;
    const { name } = props.environment;
    this.lakeKey = this.createKey('LakeKey', 'lake-key-arn', `Encrypts what Sluice keeps in ${name}`);
    this.createKey('QuarantineKey', 'quarantine-key-arn', `Seals what gates refused in ${name}; few may decrypt`);
    this.accessLogs = this.createAccessLogs();
    this.addBucket('Landing', 'landing', {
      lifecycleRules: [STAGED_FILES, LANDED_FILES, REDRIVEN_RECORDS],
      reportsObjects: true,
    });
    refuseOverwrittenCommits(this.addBucket('Bronze', 'bronze').bucket);
    this.addBucket('Silver', 'silver');
    this.addBucket('Gold', 'gold');
    this.addBucket('Ops', 'ops', { lifecycleRules: [SPARK_LOGS] });
    // A bucket of its own, since a lock keeps every object of its bucket.
    this.addBucket('Evidence', 'evidence', { lock: lockOf(props.environment.evidence) });
  }

  private createKey(id: string, parameter: string, description: string): Key {
    const { environmentOfStack: environment } = this;
    const key = new Key(this, id, {
      description,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: environment.removalPolicy,
    });
    publishParameter(this, `${id}Arn`, { environment, path: ['storage', parameter], value: key.keyArn });
    return key;
  }

  private createAccessLogs(): Bucket {
    const bucket = new Bucket(this, 'AccessLogs', {
      // S3 writes access logs to buckets with its own key only.
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: this.environmentOfStack.removalPolicy,
      lifecycleRules: [{ id: 'old-logs', expiration: Duration.days(90) }],
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'it receives the access logs of the other buckets; logging its own would never end',
    });
    return bucket;
  }

  private addBucket(
    id: string,
    zone: string,
    more: Pick<LakeBucketProps, 'lifecycleRules' | 'lock' | 'reportsObjects'> = {},
  ): LakeBucket {
    const { environmentOfStack: environment, lakeKey: key, accessLogs } = this;
    return new LakeBucket(this, id, { environment, zone, key, accessLogs, ...more });
  }
}

/** Files handed over to commit-batches are in bronze within minutes; the rest of the time is for a repair. */
const STAGED_FILES: LifecycleRule = { id: 'staged-files', prefix: 'staged/', expiration: Duration.days(14) };
/** They hold personal values as they were sent; the places where they landed are known to bronze. */
const REDRIVEN_RECORDS: LifecycleRule = { id: 'redriven-records', prefix: 'redriven/', expiration: Duration.days(14) };
/** Bronze holds their rows; a file that could not be read is named by its entry in quarantine. */
const LANDED_FILES: LifecycleRule = { id: 'landed-files', prefix: 'landing/', expiration: Duration.days(90) };
const SPARK_LOGS: LifecycleRule = { id: 'spark-logs', prefix: 'logs/', expiration: Duration.days(30) };

const lockOf = ({ days, mayBeLifted }: EvidenceLock): ObjectLockRetention =>
  mayBeLifted
    ? ObjectLockRetention.governance(Duration.days(days))
    : ObjectLockRetention.compliance(Duration.days(days));

/** Two writers of one version of a Delta table: the later one must fail, whatever engine it is. */
function refuseOverwrittenCommits(bronze: Bucket): void {
  bronze.addToResourcePolicy(
    new PolicyStatement({
      sid: 'CommitsAreWrittenOnce',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:PutObject'],
      resources: [bronze.arnForObjects('*/_delta_log/*.json')],
      conditions: { Null: { 's3:if-none-match': 'true' } },
    }),
  );
}
