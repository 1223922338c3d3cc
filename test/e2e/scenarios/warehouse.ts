import { setTimeout as sleep } from 'node:timers/promises';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Statement } from '../../../cli/account.ts';
import type { LandedFile } from '../../../lambdas/shared/file-ports.ts';
import type { PlatformUnderTest } from '../platform-under-test.ts';

export const FOLDER = 'landing/commerce/stock_counts';
export const HEADER = 'Product;Warehouse;Counted;On hand;Reserved;Unit cost;Note';

/** So many products, with so many units of each as its number says. */
export const linesOf = (name: string, products: number, note = 'caf\u00e9'): string[] =>
  Array.from({ length: products }, (_, n) => `${name}-${n};North;2011-03-01 18:30;${n};1;0.25;${note}`);
export const unitsOf = (products: number): number => (products * (products - 1)) / 2;
/** As the warehouse writes it: windows-1252 is latin1, where only letters of Western Europe are used. */
export const csv = (lines: readonly string[], header = HEADER): Buffer =>
  Buffer.from(`${[header, ...lines].join('\r\n')}\r\n`, 'latin1');

/** As any system does that knows nothing of Sluice. */
export async function putFile(platform: PlatformUnderTest, name: string, content: Buffer): Promise<LandedFile> {
  const [bucket, key] = [await platform.parameter('storage/landing-bucket'), `${FOLDER}/${name}`];
  const request = new PutObjectCommand({ Bucket: bucket, Key: key, Body: content });
  const { ETag: etag = '' } = await new S3Client({ ...platform.client(), forcePathStyle: true }).send(request);
  return { bucket, key, size: content.length, etag };
}

/** Announces a file once more, and waits until its message was taken. */
export async function announceFile(platform: PlatformUnderTest, file: LandedFile): Promise<void> {
  const [url, sqs] = [await platform.parameter('commerce/file-queue-url'), new SQSClient(platform.client())];
  const announcement = JSON.stringify({ version: 1, type: 'FileAnnounced', file });
  await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: announcement }));
  await until(() => isEmpty(sqs, url));
}

export async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await sleep(500);
}

/** Sums over all hours: produced, landed, quarantined, in flight. */
export async function accountOf(platform: PlatformUnderTest): Promise<number[]> {
  const { rows } = await platform.json<Statement>('account', '--table', 'stock_counts');
  const names = ['produced', 'landed', 'quarantined', 'inFlight'] as const;
  return names.map((name) => rows.reduce((total, row) => total + row[name], 0));
}

async function isEmpty(sqs: SQSClient, url: string): Promise<boolean> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }),
  );
  return names.every((name) => Attributes[name] === '0');
}
