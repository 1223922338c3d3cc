import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { AccountItems } from './account-items.ts';
import type { BackfillLedger } from './backfill-ledger.ts';
import { DynamoBackfillLedger } from './dynamo-backfill-ledger.ts';
import { DynamoFileLedger } from './dynamo-file-ledger.ts';
import { DynamoHandOvers } from './dynamo-hand-overs.ts';
import { DynamoLedger } from './dynamo-ledger.ts';
import { DynamoLoadLedger } from './dynamo-load-ledger.ts';
import { DynamoWatchLedger } from './dynamo-watch-ledger.ts';
import { EventBridgeBus } from './event-bridge-bus.ts';
import type { FileLedger } from './file-ports.ts';
import type { Launcher } from './launch-run.ts';
import type { Ledger } from './ledger.ts';
import type { LoadLedger } from './load-ports.ts';
import type { BatchQueue, EventBus, HandOvers } from './ports.ts';
import { RecordedQueue } from './recorded-queue.ts';
import type { Settings } from './settings.ts';
import { SfnExecutions } from './sfn-executions.ts';
import { SqsBatchQueue } from './sqs-batch-queue.ts';
import type { AccountBook, WatchLedger } from './watch-ports.ts';

export const createLedger = (table: string): Ledger => new DynamoLedger(documentClient(), table);

export const createBackfillLedger = (table: string): BackfillLedger =>
  new DynamoBackfillLedger(documentClient(), table);

export const createFileLedger = ({ LEDGER_TABLE, DOMAIN }: Settings<'LEDGER_TABLE' | 'DOMAIN'>): FileLedger =>
  new DynamoFileLedger(documentClient(), LEDGER_TABLE, DOMAIN);

export const createLoadLedger = ({ LEDGER_TABLE, DOMAIN }: Settings<'LEDGER_TABLE' | 'DOMAIN'>): LoadLedger =>
  new DynamoLoadLedger(documentClient(), LEDGER_TABLE, DOMAIN);

export const createWatchLedger = ({ LEDGER_TABLE, DOMAIN }: Settings<'LEDGER_TABLE' | 'DOMAIN'>): WatchLedger =>
  new DynamoWatchLedger(documentClient(), LEDGER_TABLE, DOMAIN);

export const createAccountBook = (table: string): AccountBook => new AccountItems(documentClient(), table);

export const createHandOvers = (table: string): HandOvers => new DynamoHandOvers(documentClient(), table);

/** What every sender of staged batches uses: a message alone could get lost. */
export const createBatchQueue = (settings: Settings<'LEDGER_TABLE' | 'COMMIT_QUEUE_URL'>): BatchQueue =>
  new RecordedQueue(
    createHandOvers(settings.LEDGER_TABLE),
    new SqsBatchQueue(new SQSClient({}), settings.COMMIT_QUEUE_URL),
  );

export const createEventBus = (): EventBus => new EventBridgeBus(new EventBridgeClient({}));

const documentClient = (): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } });

export const createLauncher = (
  settings: Settings<'LEDGER_TABLE' | 'STATE_MACHINE_ARN' | 'SETTLE_SECONDS'>,
): Launcher => ({
  ledger: createLedger(settings.LEDGER_TABLE),
  executions: new SfnExecutions(new SFNClient({}), settings.STATE_MACHINE_ARN),
  settleSeconds: settings.SETTLE_SECONDS,
});
