import { Duration, Size } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Contract } from '../contract/contract.ts';
import type { Environment } from '../environments.ts';
import type { CommitQueue } from './commit-queue.ts';
import { allowPublish } from './event-bus.ts';
import { plansPrefix } from './file-loads.ts';
import type { Lake } from './lake.ts';
import type { Ledger } from './ledger.ts';
import { nameOf, publishParameter } from './names.ts';
import { NodeFunction } from './node-function.ts';
import { allow, type Grantee } from './permissions.ts';
import { Reconciler } from './reconciler.ts';

export interface FileIntakeProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly contracts: readonly Contract[];
  readonly lake: Lake;
  readonly ledger: Ledger;
  readonly commitQueue: CommitQueue;
}

const TIMEOUT = Duration.minutes(5);

/** Whether a domain has tables that files land in. */
export const takesFiles = (contracts: readonly Contract[]): boolean =>
  contracts.some(({ ingest }) => ingest?.from === 'files' || ingest?.from === 'firehose');

/**
 * Files of a domain on their way into its tables: what appears under `landing/<domain>/` waits in a queue for
 * `land-file`, and what five attempts could not land in a dead-letter queue.
 */
export class FileIntake extends Construct {
  readonly queue: Queue;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: FileIntakeProps,
  ) {
    super(scope, id);
    const { environment, domain } = props;
    this.queue = this.createQueue();
    this.announceObjects();
    this.landFiles();
    this.reconcileFiles();
    publishParameter(this, 'QueueUrl', { environment, path: [domain, 'file-queue-url'], value: this.queue.queueUrl });
  }

  /** For whoever announces files that no notification came for. */
  grantAnnounce(to: Grantee): void {
    to.addSetting?.('FILE_QUEUE_URL', this.queue.queueUrl);
    allow(to.role, { actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] });
  }

  private createQueue(): Queue {
    const { environment, domain } = this.props;
    const common = {
      // Messages name files and carry no data, so the service's own key is enough.
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: environment.removalPolicy,
    };
    const deadLetters = new Queue(this, 'DeadLetters', {
      ...common,
      queueName: nameOf(environment, domain, 'files-dead-letters'),
    });
    return new Queue(this, 'Queue', {
      ...common,
      queueName: nameOf(environment, domain, 'files'),
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()), // six times, as AWS advises
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 5 },
    });
  }

  private announceObjects(): void {
    const { domain, lake } = this.props;
    new Rule(this, 'Created', {
      eventPattern: {
        source: ['aws.s3'],
        detailType: ['Object Created'],
        detail: {
          bucket: { name: [lake.bucketName('landing')] },
          object: { key: [{ prefix: `landing/${domain}/` }] },
        },
      },
      targets: [new SqsQueue(this.queue)],
    });
  }

  private landFiles(): void {
    const { environment, domain, contracts, lake, ledger, commitQueue } = this.props;
    const landFile = new NodeFunction(this, 'LandFile', {
      environment,
      domain,
      contracts,
      name: 'land-file',
      description: 'Lands files row by row: validates, tokenises, stages Parquet and hands it over to commit-batches',
      memoryMb: 1024,
      timeout: TIMEOUT,
      reservedConcurrency: environment.reservedConcurrency?.landFile,
      files: ['node_modules/parquet-wasm/esm/parquet_wasm_bg.wasm'],
    });
    landFile.addSetting('LARGE_FILE_BYTES', String(Size.mebibytes(environment.largeFileMegabytes).toBytes()));
    lake.grantReadVersions(landFile, 'landing', `landing/${domain}/`);
    lake.grantWrite(landFile, 'landing', `staged/${domain}/`, plansPrefix(domain));
    lake.grantSeal(landFile, domain);
    ledger.grantReadWrite(landFile);
    ledger.grantTokenKey(landFile);
    ledger.grantEventIdKey(landFile, domain);
    commitQueue.grantSend(landFile);
    allowPublish(landFile);
    this.grantAnnounce(landFile);
    // One file a call: a large one takes the memory and the time of a whole call.
    landFile.function.addEventSource(
      new SqsEventSource(this.queue, { batchSize: 1, maxConcurrency: environment.fileConcurrency }),
    );
  }

  private reconcileFiles(): void {
    const { environment, domain, lake, ledger } = this.props;
    const description = 'Announces again files that nobody landed';
    const name = 'reconcile-files';
    const reconciler = new Reconciler(this, 'Reconciler', { environment, domain, name, description });
    lake.grantList(reconciler.function, 'landing', `landing/${domain}/`);
    ledger.grantReadWrite(reconciler.function);
    this.grantAnnounce(reconciler.function);
  }
}
