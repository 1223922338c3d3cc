import type { LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueUrlCommand, type Message, type SQSClient } from '@aws-sdk/client-sqs';
import { DeadLetterQueue, sendTo } from './dead-letter-queue.ts';
import type { DeadLetters, Found, Redriven, Terms } from './dead-letters.ts';
import { deliverTo } from './route-event.ts';

interface Clients {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
}

const SUFFIX = '-dead-letters';

/** Dead letters of a queue by its name, for who may look at it and not list others. */
export class NamedLetters implements DeadLetters {
  readonly name: string;

  constructor(
    private readonly clients: Clients,
    /** Of the names of the domain's queues and functions, such as `sluice-dev-commerce-`. */
    private readonly prefix: string,
    /** Without it, such as `commits-dead-letters.fifo`. */
    private readonly queue: string,
  ) {
    this.name = queue.slice(0, queue.indexOf(SUFFIX));
  }

  async look(): Promise<Found> {
    return (await this.open()).look();
  }

  async redrive(terms?: Terms): Promise<Redriven> {
    return (await this.open()).redrive(terms);
  }

  private async open(): Promise<DeadLetterQueue> {
    return new DeadLetterQueue(this.name, this.clients.sqs, await this.urlOf(this.queue), (message) =>
      this.sendOn(message),
    );
  }

  /** Where it came from is asked for only now: who may not send on may still look. Events come from no queue. */
  private async sendOn(message: Message): Promise<string | undefined> {
    const { sqs, lambda } = this.clients;
    if (this.name === 'events') return deliverTo(lambda, this.prefix)(message);
    return sendTo(sqs, await this.urlOf(this.queue.replace(SUFFIX, '')))(message);
  }

  private async urlOf(queue: string): Promise<string> {
    const { QueueUrl = '' } = await this.clients.sqs.send(new GetQueueUrlCommand({ QueueName: this.prefix + queue }));
    return QueueUrl;
  }
}
