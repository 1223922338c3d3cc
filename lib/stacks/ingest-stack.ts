import { Duration, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { type IEventSourceDlq, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { KinesisEventSource, SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { Construct } from 'constructs';
import { AccountBalance } from '../constructs/account-balance.ts';
import { CommitQueue } from '../constructs/commit-queue.ts';
import { readsInOrder } from '../constructs/delivery-promise.ts';
import { DeliveryStream } from '../constructs/delivery-stream.ts';
import { allowPublish } from '../constructs/event-bus.ts';
import { FileIntake, takesFiles } from '../constructs/file-intake.ts';
import { Lake } from '../constructs/lake.ts';
import { Ledger } from '../constructs/ledger.ts';
import { nameOf, publishParameter } from '../constructs/names.ts';
import { NodeFunction } from '../constructs/node-function.ts';
import { allow } from '../constructs/permissions.ts';
import { PythonFunction } from '../constructs/python-function.ts';
import { Reconciler } from '../constructs/reconciler.ts';
import { ReplayFunction } from '../constructs/replay-function.ts';
import type { Contract } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';

export interface IngestStackProps extends StackProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
}

/** From a domain's stream to its bronze tables: every record ends in bronze, in quarantine or in the on-failure folder. */
export class IngestStack extends Stack {
  private readonly lake: Lake;
  private readonly ledger: Ledger;

  constructor(
    scope: Construct,
    id: string,
    private readonly settings: IngestStackProps,
  ) {
    super(scope, id, settings);
    const { environment, domain } = settings;
    this.lake = new Lake(this, 'Lake', environment);
    this.ledger = new Ledger(this, 'Ledger', { environment, lake: this.lake });
    const queue = new CommitQueue(this, 'CommitQueue', { environment, domain, consumerTimeout: this.commitTimeout });
    this.landFrom(this.createStream(), queue);
    this.addDeliveryStreams();
    this.commitFrom(queue);
    this.landFilesTo(queue);
    this.reconcileTo(queue);
  }

  private reconcileTo(queue: CommitQueue): void {
    const { environment, domain } = this.settings;
    const description = 'Announces again what was staged and never committed';
    const name = 'reconcile-landing';
    const reconciler = new Reconciler(this, 'Reconciler', { environment, domain, name, description });
    this.ledger.grantReadWrite(reconciler.function);
    queue.grantSend(reconciler.function);
    queue.grantCount(reconciler.function);
  }

  /** Only where a contract asks for files. */
  private landFilesTo(commitQueue: CommitQueue): void {
    const { environment, domain, contracts } = this.settings;
    if (!takesFiles(contracts)) return;
    const { lake, ledger } = this;
    new FileIntake(this, 'Files', { environment, domain, contracts, lake, ledger, commitQueue });
  }

  private get commitTimeout(): Duration {
    return Duration.seconds(this.settings.environment.commitTimeoutSeconds);
  }

  private createStream(): Stream {
    const { environment, domain } = this.settings;
    const { stream: capacity } = environment;
    const stream = new Stream(this, 'Stream', {
      streamName: nameOf(environment, domain, 'events'),
      encryption: StreamEncryption.KMS,
      encryptionKey: this.lake.key,
      retentionPeriod: Duration.days(7),
      removalPolicy: environment.removalPolicy,
      ...(capacity.mode === 'on-demand'
        ? { streamMode: StreamMode.ON_DEMAND }
        : { streamMode: StreamMode.PROVISIONED, shardCount: capacity.shards }),
    });
    Validations.of(stream).acknowledge({
      id: 'AwsSolutions-KDS3',
      reason: "records hold personal values that are not tokenised yet, so reading them takes the lake's own key",
    });
    publishParameter(this, 'StreamName', { environment, path: [domain, 'stream'], value: stream.streamName });
    return stream;
  }

  private addDeliveryStreams(): void {
    const { environment, contracts } = this.settings;
    for (const contract of contracts.filter(({ ingest }) => ingest?.from === 'firehose'))
      new DeliveryStream(this, `Delivery-${contract.table}`, { environment, lake: this.lake, contract });
  }

  private landFrom(stream: Stream, queue: CommitQueue): void {
    const { environment, domain, contracts } = this.settings;
    const landing = new NodeFunction(this, 'LandRecords', {
      environment,
      domain,
      contracts,
      name: 'land-records',
      description: 'Validates records, tokenises personal values, stages Parquet and hands it over to commit-batches',
      memoryMb: 1024,
      timeout: Duration.minutes(2),
      reservedConcurrency: environment.reservedConcurrency?.landRecords,
      files: ['node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm'],
    });
    this.lake.grantWrite(landing, 'landing', `staged/${domain}/`);
    this.ledger.grantTokenKey(landing);
    this.lake.grantSeal(landing, domain);
    this.ledger.grantHandOver(landing, domain);
    queue.grantSend(landing);
    allowPublish(landing);
    landing.addSetting('ORDERED', String(readsInOrder(environment, contracts)));
    const source = this.sourceOf(stream, landing);
    landing.function.addEventSource(source);
    const onFailurePrefix = `${ON_FAILURE_PREFIX}${source.eventSourceMappingId}/`;
    publishParameter(this, 'OnFailureUri', {
      environment,
      path: [domain, 'on-failure-uri'],
      value: this.lake.uri('landing', onFailurePrefix),
    });
    const { lake, ledger } = this;
    new ReplayFunction(this, 'Replay', { environment, domain, contracts, lake, ledger, queue, onFailurePrefix });
    new AccountBalance(this, 'Accounts', { environment, domain, contracts, lake, ledger, stream, onFailurePrefix });
  }

  /** Finite in retries and in age: a record that cannot land must not hold its shard until the stream forgets it. */
  private sourceOf(stream: Stream, consumer: NodeFunction): KinesisEventSource {
    const { environment } = this.settings;
    return new KinesisEventSource(stream, {
      startingPosition: StartingPosition.TRIM_HORIZON,
      // As many as there may be: the larger a staged file, the fewer commits a table needs.
      batchSize: 10_000,
      maxBatchingWindow: Duration.seconds(environment.batchingWindowSeconds),
      parallelizationFactor: environment.stream.parallelisation,
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      retryAttempts: environment.streamRetries,
      maxRecordAge: Duration.days(1),
      onFailure: this.onFailureFolder(consumer),
    });
  }

  /** The CDK's own S3 destination grants wildcard actions on the whole bucket. */
  private onFailureFolder(consumer: NodeFunction): IEventSourceDlq {
    this.lake.grantWrite(consumer, 'landing', ON_FAILURE_PREFIX);
    allow(consumer.role, { actions: ['s3:ListBucket'], resources: [this.lake.bucketArn('landing')] });
    return { bind: () => ({ destination: this.lake.bucketArn('landing') }) };
  }

  private commitFrom(queue: CommitQueue): void {
    const { environment, domain, contracts } = this.settings;
    const commit = new PythonFunction(this, 'CommitBatches', {
      environment,
      domain,
      contracts,
      name: 'commit-batches',
      description: 'Commits staged files to bronze and quarantine tables, once each',
      memoryMb: 2048,
      timeout: this.commitTimeout,
      reservedConcurrency: environment.reservedConcurrency?.commitBatches,
    });
    this.lake.grantRead(commit, 'landing', `staged/${domain}/`);
    this.lake.grantRead(commit, 'ops', `runs/${domain}/`, `backfills/${domain}/`);
    this.lake.grantReadWrite(commit, 'bronze', `${domain}/`);
    this.lake.grantReadWrite(commit, 'ops', `${domain}/`);
    this.ledger.grantReadWrite(commit);
    allowPublish(commit);
    commit.function.addEventSource(
      new SqsEventSource(queue.queue, { reportBatchItemFailures: true, maxConcurrency: environment.commitConcurrency }),
    );
  }
}

/** Given by Lambda: the destination's objects lie at `aws/lambda/<mapping>/<shard>/<date>/`. */
const ON_FAILURE_PREFIX = 'aws/lambda/';
