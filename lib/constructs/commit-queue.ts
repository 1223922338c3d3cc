import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { DeduplicationScope, FifoThroughputLimit, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { nameOf, publishParameter, readParameter } from './names.ts';
import { allow, type Grantee } from './permissions.ts';

export interface CommitQueueProps {
  readonly environment: Environment;
  readonly domain: string;
  readonly consumerTimeout: Duration;
}

/**
 * Staged files on their way into tables: in order within a table, tables side by side, and what ten attempts
 * over hours could not commit waits in a dead-letter queue.
 */
export class CommitQueue extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { environment, domain, consumerTimeout }: CommitQueueProps) {
    super(scope, id);
    const deadLetters = new Queue(this, 'DeadLetters', {
      ...COMMON,
      queueName: `${nameOf(environment, domain, 'commits-dead-letters')}.fifo`,
      retentionPeriod: Duration.days(14),
      removalPolicy: environment.removalPolicy,
    });
    this.queue = new Queue(this, 'Queue', {
      ...COMMON,
      queueName: `${nameOf(environment, domain, 'commits')}.fifo`,
      deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
      fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
      visibilityTimeout: Duration.seconds(6 * consumerTimeout.toSeconds()), // six times, as AWS advises
      retentionPeriod: Duration.days(14),
      // One more than the waits between attempts: see RETRIES of commit-batches.
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: 10 },
      removalPolicy: environment.removalPolicy,
    });
    publishParameter(this, 'Url', { environment, path: [domain, 'commit-queue-url'], value: this.queue.queueUrl });
  }

  grantSend(to: Grantee): void {
    allowSend(to, { url: this.queue.queueUrl, arn: this.queue.queueArn });
  }

  grantCount(to: Grantee): void {
    allow(to.role, { actions: ['sqs:GetQueueAttributes'], resources: [this.queue.queueArn] });
  }
}

/** Messages name files and carry no data, so the service's own key is enough. */
const COMMON = {
  fifo: true,
  contentBasedDeduplication: false,
  encryption: QueueEncryption.SQS_MANAGED,
  enforceSSL: true,
};

/** For senders in another stack, which know the queue by its parameter. */
export function allowSendFromOutside(
  to: Grantee,
  scope: Construct,
  { environment, domain }: { environment: Environment; domain: string },
): void {
  const resource = `${nameOf(environment, domain, 'commits')}.fifo`;
  const arn = Stack.of(scope).formatArn({ service: 'sqs', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  allowSend(to, { url: readParameter(scope, environment, domain, 'commit-queue-url'), arn });
}

function allowSend(to: Grantee, { url, arn }: { url: string; arn: string }): void {
  to.addSetting?.('COMMIT_QUEUE_URL', url);
  allow(to.role, { actions: ['sqs:SendMessage'], resources: [arn] });
}
