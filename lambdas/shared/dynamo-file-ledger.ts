import {
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { isMet } from './dynamo-ledger.ts';
import type { FileCounts, FileItem, FileLedger, FileState, LandedFile, Tally } from './file-ports.ts';

/** Files in the ledger's table. Each change is conditional, so that a message that comes twice counts once. */
export class DynamoFileLedger implements FileLedger {
  private readonly client: DynamoDBDocumentClient;
  private readonly table: string;
  private readonly domain: string;

  constructor(client: DynamoDBDocumentClient, table: string, domain: string) {
    this.client = client;
    this.table = table;
    this.domain = domain;
  }

  async announce(shard: string, file: LandedFile, at: string): Promise<FileItem> {
    const known = await this.find(shard);
    if (known) return known;
    const item = newFile(this.domain, file, at);
    const put = { TableName: this.table, Item: stored(shard, item), ConditionExpression: 'attribute_not_exists(pk)' };
    const isNew = await isMet(() =>
      this.client.send(
        new TransactWriteCommand({ TransactItems: [{ Put: put }, this.count(item.table, { announced: 1 })] }),
      ),
    );
    return isNew ? item : this.get(shard);
  }

  async find(shard: string): Promise<FileItem | null> {
    const { Item } = await this.client.send(
      new GetCommand({ TableName: this.table, Key: keyOf(shard), ConsistentRead: true }),
    );
    return Item ? itemOf(Item) : null;
  }

  /** A file that is cut in another way than before begins anew: its parts are others. */
  async split(shard: string, parts: number): Promise<void> {
    const command = new UpdateCommand({
      TableName: this.table,
      Key: keyOf(shard),
      UpdateExpression: 'SET parts = :parts, #rows = :none, landed = :none, refused = :none REMOVE partsDone, reason',
      ConditionExpression: '#state = :open AND parts <> :parts',
      ExpressionAttributeNames: { '#state': 'state', '#rows': 'rows' },
      ExpressionAttributeValues: { ':parts': parts, ':none': 0, ':open': 'open' },
    });
    await isMet(() => this.client.send(command));
  }

  async endPart(shard: string, index: number, { rows, landed, refused }: Tally, reason?: string): Promise<FileItem> {
    const command = new UpdateCommand({
      TableName: this.table,
      Key: keyOf(shard),
      UpdateExpression: `ADD partsDone :part, #rows :rows, landed :landed, refused :refused${reason === undefined ? '' : ' SET reason = :reason'}`,
      ConditionExpression: '#state = :open AND (attribute_not_exists(partsDone) OR NOT contains(partsDone, :index))',
      ExpressionAttributeNames: { '#state': 'state', '#rows': 'rows' },
      ExpressionAttributeValues: {
        ':part': new Set([index]),
        ':index': index,
        ':rows': rows,
        ':landed': landed,
        ':refused': refused,
        ':open': 'open',
        ...(reason !== undefined && { ':reason': reason }),
      },
    });
    await isMet(() => this.client.send(command));
    return this.get(shard);
  }

  async end(shard: string, state: Exclude<FileState, 'open'>, at: string, reason?: string): Promise<void> {
    const { table, landed, refused } = await this.get(shard);
    const update = {
      TableName: this.table,
      Key: keyOf(shard),
      UpdateExpression: `SET #state = :state, endedAt = :at${reason === undefined ? '' : ', reason = :reason'}`,
      ConditionExpression: '#state = :open',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: {
        ':state': state,
        ':at': at,
        ':open': 'open',
        ...(reason !== undefined && { ':reason': reason }),
      },
    };
    const TransactItems = [{ Update: update }, this.count(table, { ended: 1, events: landed + refused })];
    await isMet(() => this.client.send(new TransactWriteCommand({ TransactItems })));
  }

  async counts(): Promise<ReadonlyMap<string, FileCounts>> {
    const { Items = [] } = await this.client.send(
      new QueryCommand({
        TableName: this.table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: { ':pk': `DOMAIN#${this.domain}`, ':prefix': COUNTS },
      }),
    );
    return new Map(
      Items.map(({ sk, announced, ended, events }) => [sk.slice(COUNTS.length), { announced, ended, events }]),
    );
  }

  private async get(shard: string): Promise<FileItem> {
    const found = await this.find(shard);
    if (!found) throw new Error(`ledger: no file '${shard}'; it was never announced`);
    return found;
  }

  private count(table: string, { announced = 0, ended = 0, events = 0 }: Partial<FileCounts>) {
    return {
      Update: {
        TableName: this.table,
        Key: { pk: `DOMAIN#${this.domain}`, sk: `${COUNTS}${table}` },
        UpdateExpression: 'SET #type = :type, v = :v ADD announced :announced, ended :ended, events :events',
        ExpressionAttributeNames: { '#type': 'type' },
        ExpressionAttributeValues: {
          ':type': 'file-counts',
          ':v': 1,
          ':announced': announced,
          ':ended': ended,
          ':events': events,
        },
      },
    };
  }
}

const keyOf = (shard: string) => ({ pk: `FILE#${shard}`, sk: 'STATE' });
const COUNTS = 'FILES#';

export const newFile = (domain: string, { bucket, key, etag, versionId, size }: LandedFile, at: string): FileItem => ({
  type: 'file',
  v: 1,
  domain,
  table: key.split('/')[2] ?? '',
  uri: `s3://${bucket}/${key}`,
  etag,
  ...(versionId !== undefined && { versionId }),
  size,
  state: 'open',
  parts: 0,
  partsDone: [],
  rows: 0,
  landed: 0,
  refused: 0,
  announcedAt: at,
});

const stored = (shard: string, { partsDone, ...item }: FileItem) => ({ ...keyOf(shard), ...item });

/** A set of numbers in the table; DynamoDB knows no empty one. */
function itemOf({ pk, sk, partsDone, ...item }: Record<string, unknown>): FileItem {
  return { ...item, partsDone: partsDone instanceof Set ? [...partsDone] : [] } as unknown as FileItem;
}
