import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { isMet, itemsBelow, transact } from './dynamo-items.ts';
import type { Load, LoadLedger } from './load-ports.ts';

const LOADING = 'LOADING#';
export const loadKey = (domain: string, shard: string) => ({ pk: `DOMAIN#${domain}`, sk: `${LOADING}${shard}` });

/** Loads beside their files in the ledger's table: the item is there as long as the file is `loading`. */
export class DynamoLoadLedger implements LoadLedger {
  private readonly client: DynamoDBDocumentClient;
  private readonly table: string;
  private readonly domain: string;

  constructor(client: DynamoDBDocumentClient, table: string, domain: string) {
    this.client = client;
    this.table = table;
    this.domain = domain;
  }

  request(shard: string, at: string): Promise<boolean> {
    const update = {
      TableName: this.table,
      Key: { pk: `FILE#${shard}`, sk: 'STATE' },
      UpdateExpression: 'SET #state = :loading',
      ConditionExpression: '#state = :open',
      ExpressionAttributeNames: { '#state': 'state' },
      ExpressionAttributeValues: { ':loading': 'loading', ':open': 'open' },
    };
    const Item = { ...loadKey(this.domain, shard), type: 'load', v: 1, requestedAt: at, attempt: 1 };
    return transact(this.client, [{ Update: update }, { Put: { TableName: this.table, Item } }]);
  }

  async active(): Promise<readonly Load[]> {
    const items = await itemsBelow(this.client, this.table, `DOMAIN#${this.domain}`, LOADING);
    const loads = items.map(
      ({ sk, requestedAt, attempt, jobRunId }): Load => ({
        shard: sk.slice(LOADING.length),
        requestedAt,
        attempt,
        jobRunId,
      }),
    );
    return loads.sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1));
  }

  async recordJob({ shard, attempt, jobRunId }: Load): Promise<void> {
    const command = new UpdateCommand({
      TableName: this.table,
      Key: loadKey(this.domain, shard),
      UpdateExpression: 'SET attempt = :attempt, jobRunId = :job',
      ConditionExpression: 'attempt <= :attempt',
      ExpressionAttributeValues: { ':attempt': attempt, ':job': jobRunId },
    });
    await isMet(() => this.client.send(command));
  }
}

const orderOf = ({ requestedAt, shard }: Load): string => `${requestedAt} ${shard}`;
