import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoLedger } from './dynamo-ledger.ts';
import type { Launcher } from './launch-run.ts';
import type { Ledger } from './ledger.ts';
import type { Settings } from './settings.ts';
import { SfnExecutions } from './sfn-executions.ts';

export function createLedger(table: string): Ledger {
  const marshallOptions = { removeUndefinedValues: true };
  return new DynamoLedger(DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions }), table);
}

export const createLauncher = (
  settings: Settings<'LEDGER_TABLE' | 'STATE_MACHINE_ARN' | 'SETTLE_SECONDS'>,
): Launcher => ({
  ledger: createLedger(settings.LEDGER_TABLE),
  executions: new SfnExecutions(new SFNClient({}), settings.STATE_MACHINE_ARN),
  settleSeconds: settings.SETTLE_SECONDS,
});
