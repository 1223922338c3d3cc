import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { S3Client } from '@aws-sdk/client-s3';
import { paginateListQueues, type SQSClient } from '@aws-sdk/client-sqs';
import { DeadLetterQueue, sendTo, type Taker } from '../../lambdas/shared/dead-letter-queue.ts';
import type { DeadLetters } from '../../lambdas/shared/dead-letters.ts';
import { deliverTo } from '../../lambdas/shared/route-event.ts';
import { ParkedRecords, type RecordRedrive } from './parked-records.ts';

export interface Clients {
  readonly sqs: SQSClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
}

/** A domain as its dead letters know it. */
export interface Domain {
  /** Of the names of its queues and functions, such as `sluice-dev-commerce-`. */
  readonly prefix: string;
  readonly onFailureUri: string;
  readonly replay: RecordRedrive;
}

/** One word before it: of a domain whose name begins like another's, the queues would have more. */
const NAME = /^([a-z]+)-dead-letters(\.fifo)?$/;

/** All places where something of a domain may wait. A queue's dead letters are named after the queue. */
export async function findDeadLetters(clients: Clients, { prefix, ...domain }: Domain): Promise<DeadLetters[]> {
  const urls = await queuesOf(clients.sqs, prefix);
  const queues = [...urls].flatMap(([name, url]) => {
    const [, word, suffix = ''] = NAME.exec(name) ?? [];
    if (word === undefined) return [];
    const source = urls.get(`${word}${suffix}`);
    const take: Taker = source ? sendTo(clients.sqs, source) : deliverTo(clients.lambda, prefix);
    return [new DeadLetterQueue(word, clients.sqs, url, take)];
  });
  return [...queues, new ParkedRecords(clients.s3, domain.onFailureUri, domain.replay)];
}

/** A domain's queues: URLs by name, without the prefix. */
async function queuesOf(client: SQSClient, prefix: string): Promise<ReadonlyMap<string, string>> {
  const urls: string[] = [];
  for await (const { QueueUrls = [] } of paginateListQueues({ client }, { QueueNamePrefix: prefix }))
    urls.push(...QueueUrls);
  return new Map(urls.sort().map((url) => [url.slice(url.lastIndexOf('/') + 1 + prefix.length), url]));
}
