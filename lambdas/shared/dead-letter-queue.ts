import { createHash, randomUUID } from 'node:crypto';
import {
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { DeadLetters, Found, Redriven, Terms } from './dead-letters.ts';

/** Takes a message of a dead-letter queue; why not, when it does not. */
export type Taker = (message: Message) => Promise<string | undefined>;

/** As many as one request gives. */
const RECEIVED = 10;
/** Long enough to send what was received; what was not is there again after it. */
const HIDDEN_SECONDS = 60;

/** A queue to which SQS, EventBridge or Lambda moved what failed too often. */
export class DeadLetterQueue implements DeadLetters {
  constructor(
    readonly name: string,
    private readonly client: SQSClient,
    private readonly url: string,
    private readonly take: Taker,
  ) {}

  async look(): Promise<Found> {
    const waiting = await this.count();
    const seen = waiting > 0 ? await this.receive(0) : [];
    const times = seen.flatMap(({ Attributes }) => Number(Attributes?.SentTimestamp) || []);
    const oldest = times.length > 0 ? new Date(Math.min(...times)).toISOString() : null;
    return { waiting, oldest, reasons: [...new Set(seen.flatMap(reasonOf))] };
  }

  /** One by one, so that groups stay in order. No more than waited at first: what fails again comes back here. */
  async redrive(terms?: Terms): Promise<Redriven> {
    const left: string[] = [];
    let redriven = 0;
    const waiting = Math.min(await this.count(), terms?.most ?? Number.POSITIVE_INFINITY);
    for (let open = waiting; open > 0; open = waiting - redriven - left.length) {
      const messages = await this.receive(HIDDEN_SECONDS, Math.min(open, RECEIVED));
      if (messages.length === 0) break;
      for (const message of messages) {
        const obstacle = await this.takeOn(message, terms);
        if (obstacle !== undefined) left.push(obstacle);
        else {
          await this.delete(message);
          redriven += 1;
        }
      }
    }
    return { redriven, left };
  }

  private async takeOn(message: Message, terms: Terms | undefined): Promise<string | undefined> {
    const hash = createHash('sha256')
      .update(message.Body ?? '')
      .digest('hex');
    if (terms && !(await terms.mayTake(hash))) return 'redriven before, or enough for today';
    return this.take(message);
  }

  private async count(): Promise<number> {
    const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
    const { Attributes } = await this.client.send(
      new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: [...names] }),
    );
    return names.reduce((sum, name) => sum + Number(Attributes?.[name] ?? 0), 0);
  }

  private async receive(VisibilityTimeout: number, MaxNumberOfMessages = RECEIVED): Promise<Message[]> {
    const { Messages = [] } = await this.client.send(
      new ReceiveMessageCommand({
        QueueUrl: this.url,
        MaxNumberOfMessages,
        VisibilityTimeout,
        // A short look asks a few of the queue's servers only, and may miss what is there.
        WaitTimeSeconds: 1,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    );
    return Messages;
  }

  private async delete({ ReceiptHandle }: Message): Promise<void> {
    await this.client.send(new DeleteMessageCommand({ QueueUrl: this.url, ReceiptHandle }));
  }
}

/** EventBridge and Lambda say why, each in their own spelling; SQS does not. */
function reasonOf({ MessageAttributes = {} }: Message): string[] {
  const [code, message] = [
    ['ERROR_CODE', 'ErrorCode'],
    ['ERROR_MESSAGE', 'ErrorMessage'],
  ].map((names) => names.map((name) => MessageAttributes[name]?.StringValue).find((value) => value));
  const reason = [code, message].filter(Boolean).join(': ');
  return reason ? [reason] : [];
}

/** Sends messages back to the queue that they came from, in their group. Their names are new: SQS drops known ones. */
export const sendTo =
  (client: SQSClient, QueueUrl: string): Taker =>
  async ({ Body, Attributes }) => {
    const MessageGroupId = Attributes?.MessageGroupId;
    const group = MessageGroupId ? { MessageGroupId, MessageDeduplicationId: randomUUID() } : {};
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: Body, ...group }));
    return undefined;
  };
