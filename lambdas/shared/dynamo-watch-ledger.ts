import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Scores } from '../../lib/watchdog/score-tables.ts';
import type { TakenRemedy, Watch } from '../../lib/watchdog/watch.ts';
import { itemsBelow, lastItemsBelow, type TransactItem, transact } from './dynamo-items.ts';
import type { WatchLedger } from './watch-ports.ts';

/** Days for which each kind of item is kept. */
const KEPT = { watch: 30, remedy: 90, score: 400 } as const;

/** Expired items are deleted within days; what is asked for is newer than that. */
const expiryOf = (kind: keyof typeof KEPT, at: string): number =>
  Math.floor(Date.parse(at) / 1000) + KEPT[kind] * 24 * 3600;

/** Items of a domain's partition in the ledger. */
export class DynamoWatchLedger implements WatchLedger {
  constructor(
    private readonly client: DynamoDBDocumentClient,
    private readonly table: string,
    private readonly domain: string,
  ) {}

  async watches(limit: number): Promise<Watch[]> {
    return (await lastItemsBelow(this.client, this.table, this.pk, 'WATCH#', limit)).map(bare<Watch>);
  }

  async recordWatch(watch: Watch): Promise<void> {
    await this.put(`WATCH#${watch.at}`, { ...watch, expiresAt: expiryOf('watch', watch.at) });
  }

  async remedies(): Promise<TakenRemedy[]> {
    return (await itemsBelow(this.client, this.table, this.pk, 'REMEDY#')).map(bare<TakenRemedy>);
  }

  async take(remedy: TakenRemedy, mostADay: number): Promise<boolean> {
    if (mostADay <= 0) return false;
    return transact(this.client, [this.remember(remedy), this.countOf(remedy, mostADay)]);
  }

  async scores(limit: number): Promise<Scores[]> {
    return (await lastItemsBelow(this.client, this.table, this.pk, 'SCORE#', limit)).map(bare<Scores>);
  }

  async recordScores(scores: Scores, at: string): Promise<void> {
    await this.put(`SCORE#${scores.date}`, { ...scores, expiresAt: expiryOf('score', at) });
  }

  private get pk(): string {
    return `DOMAIN#${this.domain}`;
  }

  private remember(remedy: TakenRemedy): TransactItem {
    const { kind, about, at } = remedy;
    return {
      Put: {
        TableName: this.table,
        Item: { pk: this.pk, sk: `REMEDY#${kind}#${about}`, ...remedy, expiresAt: expiryOf('remedy', at) },
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    };
  }

  /** Two looks at once must not take twice what a day allows. */
  private countOf({ kind, at }: TakenRemedy, mostADay: number): TransactItem {
    return {
      Update: {
        TableName: this.table,
        Key: { pk: this.pk, sk: `REMEDIES#${at.slice(0, 10)}#${kind}` },
        UpdateExpression: 'ADD taken :one SET #type = :type, v = :one, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(taken) OR taken < :most',
        ExpressionAttributeNames: { '#type': 'type' },
        ExpressionAttributeValues: {
          ...{ ':one': 1, ':most': mostADay, ':type': 'remedies', ':expiresAt': expiryOf('remedy', at) },
        },
      },
    };
  }

  private async put(sk: string, item: object): Promise<void> {
    await this.client.send(new PutCommand({ TableName: this.table, Item: { pk: this.pk, sk, ...item } }));
  }
}

/** The ledger is written by this module only, so its items are what was put. */
function bare<T extends object>({ pk, sk, expiresAt, ...item }: Record<string, unknown>): T {
  return item as T;
}
