import { ArnFormat, Aws, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDeliveryStream } from 'aws-cdk-lib/aws-kinesisfirehose';
import { LogGroup, LogStream } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import type { Lake } from './lake.ts';
import { nameOf, publishParameter } from './names.ts';
import { allow } from './permissions.ts';

export interface DeliveryStreamProps {
  readonly environment: Environment;
  readonly lake: Lake;
  readonly contract: Contract;
}

/**
 * Gathers a table's events into files for minutes: cheaper than a stream where nobody waits for them. They arrive
 * below `landing/<domain>/<table>/` as any file does, gzipped, one event a line.
 */
export class DeliveryStream extends Construct {
  readonly stream: CfnDeliveryStream;

  constructor(scope: Construct, id: string, { environment, lake, contract: { domain, table } }: DeliveryStreamProps) {
    super(scope, id);
    const landed = `landing/${domain}/${table}/`;
    // Not below `landing/`: what could not be delivered as it should be is not to be taken for data.
    const failed = `delivery-errors/${domain}/${table}/`;
    const role = this.createRole(lake, [landed, failed]);
    this.stream = new CfnDeliveryStream(this, 'Stream', {
      deliveryStreamName: nameOf(environment, domain, table),
      deliveryStreamType: 'DirectPut',
      deliveryStreamEncryptionConfigurationInput: { keyType: 'CUSTOMER_MANAGED_CMK', keyArn: lake.key.keyArn },
      extendedS3DestinationConfiguration: {
        bucketArn: lake.bucketArn('landing'),
        roleArn: role.roleArn,
        prefix: `${landed}!{timestamp:yyyy/MM/dd/HH}/`,
        errorOutputPrefix: `${failed}!{firehose:error-output-type}/!{timestamp:yyyy/MM/dd}/`,
        bufferingHints: { sizeInMBs: environment.delivery.megabytes, intervalInSeconds: environment.delivery.seconds },
        compressionFormat: 'GZIP',
        fileExtension: '.jsonl.gz',
        encryptionConfiguration: { kmsEncryptionConfig: { awskmsKeyArn: lake.key.keyArn } },
        processingConfiguration: { enabled: true, processors: [{ type: 'AppendDelimiterToRecord' }] },
        cloudWatchLoggingOptions: this.createLog(role, environment, nameOf(environment, domain, table)),
      },
    });
    // A stream that is created before its role may write fails at once.
    this.stream.node.addDependency(role);
    publishParameter(this, 'Name', {
      environment,
      path: [domain, 'delivery', table],
      value: this.stream.ref,
    });
  }

  private createRole(lake: Lake, prefixes: readonly string[]): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('firehose.amazonaws.com', {
        conditions: { StringEquals: { 'sts:ExternalId': Aws.ACCOUNT_ID } },
      }),
    });
    lake.grantWrite({ role }, 'landing', ...prefixes);
    allow(role, {
      actions: ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'],
      resources: [lake.bucketArn('landing')],
    });
    return role;
  }

  private createLog(
    role: Role,
    environment: Environment,
    name: string,
  ): CfnDeliveryStream.CloudWatchLoggingOptionsProperty {
    const logGroup = new LogGroup(this, 'Logs', {
      logGroupName: `/sluice/${environment.name}/delivery/${name}`,
      retention: environment.logRetentionDays,
      removalPolicy: environment.removalPolicy,
    });
    const { logStreamName } = new LogStream(this, 'Log', { logGroup, logStreamName: 'delivery' });
    allow(role, {
      actions: ['logs:PutLogEvents'],
      resources: [
        Stack.of(this).formatArn({
          service: 'logs',
          resource: `log-group:${logGroup.logGroupName}:log-stream`,
          resourceName: logStreamName,
          arnFormat: ArnFormat.COLON_RESOURCE_NAME,
        }),
      ],
    });
    return { enabled: true, logGroupName: logGroup.logGroupName, logStreamName };
  }
}
