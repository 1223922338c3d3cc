import { type DynamoDBDocumentClient, PutCommand, paginateQuery, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { HandOver } from '../../lib/landing/hand-over.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import { isMet } from './dynamo-items.ts';
import type { HandOvers } from './ports.ts';

/** A hand-over as the ledger holds it; `commit-batches` deletes it. The batch is text, since only its readers know it. */
interface Item extends Omit<HandOver, 'batch'> {
  readonly pk: string;
  readonly sk: string;
  readonly type: 'hand-over';
  readonly v: 1;
  readonly batch: string;
}

const keyOf = ({ table, staged }: StagedBatch) => ({ pk: partitionOf(table.split('.')[0] ?? ''), sk: staged });
const partitionOf = (domain: string): string => `STAGED#${domain}`;

export class DynamoHandOvers implements HandOvers {
  private readonly client: DynamoDBDocumentClient;
  private readonly table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async record(batches: readonly StagedBatch[]): Promise<void> {
    const now = new Date().toISOString();
    const items = batches.map((batch) => itemOf(batch, now));
    await Promise.all(items.map((Item) => this.client.send(new PutCommand({ TableName: this.table, Item }))));
  }

  async waiting(domain: string): Promise<HandOver[]> {
    const found: HandOver[] = [];
    const query = {
      TableName: this.table,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': partitionOf(domain) },
    };
    for await (const { Items = [] } of paginateQuery({ client: this.client }, query))
      found.push(...Items.map((item) => handOverOf(item as Item)));
    return found;
  }

  /** Conditional: without, it would bring a hand-over back to life that a commit has just ended. */
  async countAnnouncement({ batch, announcements }: HandOver, at: string): Promise<boolean> {
    const command = new UpdateCommand({
      TableName: this.table,
      Key: keyOf(batch),
      UpdateExpression: 'SET announcements = :count, announcedAt = :at',
      ConditionExpression: 'announcements = :known',
      ExpressionAttributeValues: { ':count': announcements + 1, ':known': announcements, ':at': at },
    });
    return isMet(() => this.client.send(command));
  }
}

const itemOf = (batch: StagedBatch, now: string): Item => ({
  ...keyOf(batch),
  type: 'hand-over',
  v: 1,
  batch: JSON.stringify(batch),
  handedOverAt: now,
  announcedAt: now,
  announcements: 0,
});

const handOverOf = ({ batch, handedOverAt, announcedAt, announcements }: Item): HandOver => ({
  batch: JSON.parse(batch),
  handedOverAt,
  announcedAt,
  announcements,
});
