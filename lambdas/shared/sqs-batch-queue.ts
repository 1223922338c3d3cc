import { createHash } from 'node:crypto';
import {
  GetQueueAttributesCommand,
  SendMessageBatchCommand,
  type SendMessageBatchRequestEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import type { BatchQueue, QueueDepth } from './ports.ts';

/** As many messages as one request may hold. */
const REQUEST_SIZE = 10;

/** The FIFO queue of `commit-batches`: one group a table, and a batch sent twice within minutes is one message. */
export class SqsBatchQueue implements BatchQueue, QueueDepth {
  private readonly client: SQSClient;
  private readonly url: string;

  constructor(client: SQSClient, url: string) {
    this.client = client;
    this.url = url;
  }

  async send(batches: readonly StagedBatch[]): Promise<void> {
    for (let i = 0; i < batches.length; i += REQUEST_SIZE) {
      const Entries = batches.slice(i, i + REQUEST_SIZE).map(entryOf);
      // SendMessageBatch answers 200 even when it refused a message.
      const { Failed = [] } = await this.client.send(new SendMessageBatchCommand({ QueueUrl: this.url, Entries }));
      const [refusal] = Failed;
      if (refusal) throw new Error(`queue '${this.url}' refused ${Failed.length} messages: ${refusal.Message}`);
    }
  }

  async depth(): Promise<number> {
    const command = new GetQueueAttributesCommand({ QueueUrl: this.url, AttributeNames: [...COUNTS] });
    const { Attributes = {} } = await this.client.send(command);
    return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
  }
}

const COUNTS = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;

function entryOf(batch: StagedBatch, index: number): SendMessageBatchRequestEntry {
  const body = JSON.stringify(batch);
  return {
    Id: String(index),
    MessageBody: body,
    MessageGroupId: batch.table,
    MessageDeduplicationId: createHash('sha256').update(body).digest('hex'),
  };
}
