import { randomBytes } from 'node:crypto';
import { GlueClient } from '@aws-sdk/client-glue';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import { runIdOf } from '../../lib/plan/decide-start.ts';
import type { Refusal } from '../../lib/publish/decide-rollback.ts';
import { createEventBus, createLauncher } from '../shared/clients.ts';
import { readContracts } from '../shared/contracts.ts';
import { GlueCatalogue } from '../shared/glue-catalogue.ts';
import { LambdaTableRestorer } from '../shared/lambda-table-restorer.ts';
import { readSettings } from '../shared/settings.ts';
import { SsmSlotPointer } from '../shared/ssm-slot-pointer.ts';
import { logger } from '../shared/telemetry.ts';
import { type RolledBack, rollBackTables } from './roll-back-tables.ts';

const settings = readSettings(
  'DOMAIN',
  'LEDGER_TABLE',
  'GOLD_BUCKET',
  'SLOT_PARAMETER',
  'RESTORE_FUNCTION',
  'STATE_MACHINE_ARN',
  'SETTLE_SECONDS',
);
const launcher = createLauncher(settings);
const rollBacker = {
  ...{ launcher, ledger: launcher.ledger, goldBucket: settings.GOLD_BUCKET },
  catalogue: new GlueCatalogue(new GlueClient({})),
  pointer: new SsmSlotPointer(new SSMClient({}), settings.SLOT_PARAMETER),
  restorer: new LambdaTableRestorer(new LambdaClient({}), settings.RESTORE_FUNCTION),
  bus: createEventBus(),
  contracts: readContracts(import.meta.url).filter(
    ({ domain, layer }) => domain === settings.DOMAIN && layer === 'gold',
  ),
};

const requestSchema = z.object({
  from: z.string().optional(),
  to: z.string().optional(),
  by: z.string().min(1),
  reason: z.string().min(1),
});

const newId = (now: Date): string => runIdOf(settings.DOMAIN, now, randomBytes(4).toString('hex'));

export const handler = async (event: unknown, context: Context): Promise<RolledBack | Refusal> => {
  const request = { ...requestSchema.parse(event), domain: settings.DOMAIN };
  const now = new Date();
  const answer = await rollBackTables(rollBacker, request, {
    ...{ holder: `rollback-${context.awsRequestId}`, id: newId(now), nextRunId: newId(now) },
    ...{ now: now.toISOString(), until: new Date(Date.now() + context.getRemainingTimeInMillis()).toISOString() },
  });
  logger.info('rollback', { ...answer });
  return answer;
};
