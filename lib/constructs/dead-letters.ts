import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Environment } from '../environments.ts';
import { nameOf } from './names.ts';

/** Where events wait that could not be delivered or handled; the Observability stack raises an alarm on it. */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { environment, domain }: { environment: Environment; domain: string }) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      queueName: nameOf(environment, domain, 'events-dead-letters'),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      removalPolicy: environment.removalPolicy,
    });
  }
}
