import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { FilePart, FileQueue } from './file-ports.ts';

/** The queue that files are announced in: no order, since the places of rows tell what is landed. */
export class SqsFileQueue implements FileQueue {
  private readonly client: SQSClient;
  private readonly url: string;

  constructor(client: SQSClient, url: string) {
    this.client = client;
    this.url = url;
  }

  async send(parts: readonly FilePart[]): Promise<void> {
    for (const due of parts) {
      const MessageBody = JSON.stringify({ version: 1, type: 'PartDue', due });
      await this.client.send(new SendMessageCommand({ QueueUrl: this.url, MessageBody }));
    }
  }
}
