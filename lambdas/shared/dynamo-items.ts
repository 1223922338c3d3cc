import { setTimeout as sleep } from 'node:timers/promises';
import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  GetCommand,
  paginateQuery,
  type QueryCommandOutput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';

export type TransactItem = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Writes that meet at the same item, such as totals, are taken one after the other. */
const ATTEMPTS = 8;
const FIRST_PAUSE_MS = 20;

/** All or nothing; false when a condition is not met. */
export async function transact(
  client: DynamoDBDocumentClient,
  TransactItems: TransactItem[],
  attempt = 1,
): Promise<boolean> {
  try {
    return await isMet(() => client.send(new TransactWriteCommand({ TransactItems })));
  } catch (error) {
    if (!isConflict(error) || attempt === ATTEMPTS) throw error;
  }
  await sleep(Math.random() * FIRST_PAUSE_MS * 2 ** attempt);
  return transact(client, TransactItems, attempt + 1);
}

/** False when the condition of a write is not met. A transaction is also cancelled for throttling or a conflict. */
export async function isMet(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException || isCancelledFor(error, 'ConditionalCheckFailed'))
      return false;
    throw error;
  }
}

const isConflict = (error: unknown): boolean => isCancelledFor(error, 'TransactionConflict');

const isCancelledFor = (error: unknown, reason: string): boolean =>
  error instanceof TransactionCanceledException &&
  error.CancellationReasons?.some(({ Code }) => Code === reason) === true;

export type Key = { readonly pk: string; readonly sk: string };

/** Every item says what it is and by which version of its shape, for who reads the table as a whole or moves it on. */
export const typed = (type: string, key: Key) => ({ ...key, type, v: 1 });
type Items = NonNullable<QueryCommandOutput['Items']>;

/** Consistent: what a run wrote a moment ago decides what the next one does. */
export async function itemAt<T extends object>(
  client: DynamoDBDocumentClient,
  TableName: string,
  Key: Key,
): Promise<T | null> {
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  return Item ? withoutKey<T>(Item) : null;
}

/** The ledger is written by its adapters only, so its items are what was put. */
export function withoutKey<T extends object>({ pk, sk, ...item }: Record<string, unknown>): T {
  return item as T;
}

/** Of items whose type is their key's alone: what they hold besides. */
export function withoutType<T extends object>({ type, v, ...item }: Record<string, unknown>): T {
  return item as T;
}

/** Items of a partition whose sort key begins so, in the order of these keys. */
export async function itemsBelow(
  client: DynamoDBDocumentClient,
  TableName: string,
  pk: string,
  prefix: string,
): Promise<Items> {
  const found: Items = [];
  for await (const { Items = [] } of paginateQuery({ client }, below(TableName, pk, prefix))) found.push(...Items);
  return found;
}

/** The last of these items, backwards. A page holds 1 MB, which may be few of them. */
export async function lastItemsBelow(
  client: DynamoDBDocumentClient,
  TableName: string,
  pk: string,
  prefix: string,
  limit: number,
): Promise<Items> {
  const query = { ...below(TableName, pk, prefix), ScanIndexForward: false, Limit: limit };
  const found: Items = [];
  for await (const { Items = [] } of paginateQuery({ client }, query)) {
    found.push(...Items);
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

/** Consistent: what was written a moment ago decides what is done next. DynamoDB takes any prefix but an empty one. */
const below = (TableName: string, pk: string, prefix: string) => ({
  TableName,
  ConsistentRead: true,
  KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
  ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
});
