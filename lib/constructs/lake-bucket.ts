import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
  type LifecycleRule,
  type ObjectLockRetention,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { publishParameter } from './names.ts';

export interface LakeBucketProps {
  readonly environment: Environment;
  /** Published as `/sluice/<env>/storage/<zone>-bucket`. */
  readonly zone: string;
  readonly key: IKey;
  readonly accessLogs: Bucket;
  readonly lifecycleRules?: readonly LifecycleRule[];
  /** Keeps each version as it was written. */
  readonly lock?: ObjectLockRetention;
  /** Whether S3 reports new objects to EventBridge. */
  readonly reportsObjects?: boolean;
}

/**
 * A private bucket of the lake: encrypted with the lake's key, TLS only, access logged, found by parameter.
 * No rule expires a current object of a table: files and the log's own clean-up belong to Delta.
 */
export class LakeBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: LakeBucketProps) {
    super(scope, id);
    const { environment, zone, key, accessLogs, lock, lifecycleRules = [] } = props;
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.KMS,
      encryptionKey: key,
      // One data key a bucket, not a call to KMS an object.
      bucketKeyEnabled: true,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      versioned: environment.protectData || lock !== undefined,
      ...(lock && { objectLockEnabled: true, objectLockDefaultRetention: lock }),
      // Without the cast, the CDK's own types do not pass exactOptionalPropertyTypes.
      serverAccessLogsBucket: accessLogs as IBucket,
      serverAccessLogsPrefix: `${zone}/`,
      removalPolicy: environment.removalPolicy,
      lifecycleRules: [...TIDYING, ...lifecycleRules],
    });
    // The L2 switch would add a function and a custom resource for what is one property.
    if (props.reportsObjects) this.l1.notificationConfiguration = REPORTS_OBJECTS;
    publishParameter(this, 'Name', {
      environment,
      path: ['storage', `${zone}-bucket`],
      value: this.bucket.bucketName,
    });
  }

  private get l1(): CfnBucket {
    return this.bucket.node.defaultChild as CfnBucket;
  }
}

const REPORTS_OBJECTS: CfnBucket.NotificationConfigurationProperty = {
  eventBridgeConfiguration: { eventBridgeEnabled: true },
};

const TIDYING: readonly LifecycleRule[] = [
  { id: 'broken-uploads', abortIncompleteMultipartUploadAfter: Duration.days(7) },
  { id: 'replaced-objects', noncurrentVersionExpiration: Duration.days(30) },
];
