import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  paginateQuery,
  type QueryCommandOutput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { isMet } from './dynamo-ledger.ts';

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

const isConflict = (error: unknown): boolean =>
  error instanceof TransactionCanceledException &&
  error.CancellationReasons?.some(({ Code }) => Code === 'TransactionConflict') === true;

/** Items of a partition whose sort key begins so. */
export async function itemsBelow(client: DynamoDBDocumentClient, TableName: string, pk: string, prefix: string) {
  const query = {
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
    ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
  };
  const found: NonNullable<QueryCommandOutput['Items']> = [];
  for await (const { Items = [] } of paginateQuery({ client }, query)) found.push(...Items);
  return found;
}
