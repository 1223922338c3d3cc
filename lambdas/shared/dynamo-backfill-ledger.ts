import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Backfill, type BackfillChange, type BackfillLedger, type Filled, isOver } from './backfill-ledger.ts';
import { itemAt, itemsBelow, lastItemsBelow, type TransactItem, transact, withoutKey } from './dynamo-items.ts';

const keyOf = (domain: string, id: string) => ({ pk: `DOMAIN#${domain}`, sk: `BACKFILL#${id}` });
/** As long as a backfill of the table is not over. */
const holdKey = (domain: string, table: string) => ({ pk: `DOMAIN#${domain}`, sk: `BACKFILL_OF#${table}` });
const filledKey = (domain: string, id: string, index: string) => ({
  ...{ pk: `DOMAIN#${domain}`, sk: `FILLED#${id}#${index}` },
});

/** Backfills beside the runs of their domain in the ledger's table. */
export class DynamoBackfillLedger implements BackfillLedger {
  private readonly client: DynamoDBDocumentClient;
  private readonly table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.client = client;
    this.table = table;
  }

  async begin(backfill: Backfill): Promise<boolean> {
    const { domain, id, table } = backfill;
    const hold = { ...holdKey(domain, table), type: 'backfill-of', v: 1, id };
    return transact(this.client, [
      { Put: { TableName: this.table, Item: hold, ConditionExpression: 'attribute_not_exists(pk)' } },
      { Put: { TableName: this.table, Item: { ...keyOf(domain, id), ...backfill } } },
    ]);
  }

  async holderOf(domain: string, table: string): Promise<string | null> {
    const hold = await itemAt<{ id: string }>(this.client, this.table, holdKey(domain, table));
    return hold?.id ?? null;
  }

  async backfill(domain: string, id: string): Promise<Backfill | null> {
    return itemAt<Backfill>(this.client, this.table, keyOf(domain, id));
  }

  async backfills(domain: string, limit: number): Promise<Backfill[]> {
    const { pk, sk } = keyOf(domain, '');
    return (await lastItemsBelow(this.client, this.table, pk, sk, limit)).map(withoutKey<Backfill>);
  }

  async change(known: Backfill, change: BackfillChange): Promise<boolean> {
    const { domain, id, table } = known;
    const put: TransactItem = {
      Put: {
        TableName: this.table,
        Item: { ...keyOf(domain, id), ...known, ...change },
        ConditionExpression: '#status = :status AND attempt = :attempt',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':status': known.status, ':attempt': known.attempt },
      },
    };
    const giveBack = { Delete: { TableName: this.table, Key: holdKey(domain, table) } };
    return transact(this.client, isOver(change) ? [put, giveBack] : [put]);
  }

  async recordFilled(domain: string, id: string, filled: Filled): Promise<void> {
    const key = filledKey(domain, id, String(filled.index).padStart(4, '0'));
    const Item = { ...key, type: 'filled', v: 1, ...filled };
    await this.client.send(new PutCommand({ TableName: this.table, Item }));
  }

  async filled(domain: string, id: string): Promise<Filled[]> {
    const { pk, sk } = filledKey(domain, id, '');
    const items = await itemsBelow(this.client, this.table, pk, sk);
    return items.map(({ index, events, rows, refused }) => ({ index, events, rows, refused }));
  }
}
