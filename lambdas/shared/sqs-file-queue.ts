import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { FileAnnouncer, FilePart, FileQueue, LandedFile } from './file-ports.ts';

/** The queue that files are announced in: no order, since the places of rows tell what is landed. */
export class SqsFileQueue implements FileQueue, FileAnnouncer {
  private readonly client: SQSClient;
  private readonly url: string;

  constructor(client: SQSClient, url: string) {
    this.client = client;
    this.url = url;
  }

  async send(parts: readonly FilePart[]): Promise<void> {
    for (const due of parts) await this.put({ version: 1, type: 'PartDue', due });
  }

  async announce(files: readonly LandedFile[], again = false): Promise<void> {
    for (const { bucket, key, size, etag, versionId } of files) {
      const file = { bucket, key, size, etag, versionId };
      await this.put({ version: 1, type: 'FileAnnounced', file, ...(again && { again }) });
    }
  }

  private async put(message: object): Promise<void> {
    const command = new SendMessageCommand({ QueueUrl: this.url, MessageBody: JSON.stringify(message) });
    await this.client.send(command);
  }
}
