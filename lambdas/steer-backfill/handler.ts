import { randomBytes } from 'node:crypto';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import type { Context } from 'aws-lambda';
import { z } from 'zod';
import type { Restore } from '../../lib/plan/decide-restore.ts';
import { runIdOf } from '../../lib/plan/decide-start.ts';
import type { Refusal } from '../../lib/publish/decide-rollback.ts';
import { createBackfillLedger, createLauncher } from '../shared/clients.ts';
import { readContracts } from '../shared/contracts.ts';
import { LambdaTableRestorer } from '../shared/lambda-table-restorer.ts';
import { S3FolderRemover } from '../shared/s3-folder-remover.ts';
import { S3DeltaVersions, S3JsonStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { SfnExecutions } from '../shared/sfn-executions.ts';
import { logger } from '../shared/telemetry.ts';
import { type GoldIsDue, rebuildGold } from './rebuild-gold.ts';
import { type Restored, restoreSilver } from './restore-silver.ts';
import {
  type BackfillInput,
  cancelBackfill,
  type Planned,
  pauseBackfill,
  resumeBackfill,
  type Steered,
  startBackfill,
} from './steer-backfill.ts';

const settings = readSettings(
  'DOMAIN',
  'LEDGER_TABLE',
  'BRONZE_BUCKET',
  'SILVER_BUCKET',
  'GOLD_BUCKET',
  'OPS_BUCKET',
  'BACKFILL_MACHINE_ARN',
  'INTERVALS_AT_ONCE',
  'STATE_MACHINE_ARN',
  'SETTLE_SECONDS',
  'RESTORE_FUNCTION',
);
const s3 = new S3Client({});
const launcher = createLauncher(settings);
const steering = {
  domain: settings.DOMAIN,
  backfills: createBackfillLedger(settings.LEDGER_TABLE),
  known: {
    ledger: launcher.ledger,
    versions: new S3DeltaVersions(s3),
    contracts: readContracts(import.meta.url),
    buckets: {
      bronze: settings.BRONZE_BUCKET,
      silver: settings.SILVER_BUCKET,
      gold: settings.GOLD_BUCKET,
      ops: settings.OPS_BUCKET,
    },
  },
  documents: new S3JsonStore(s3),
  folders: new S3FolderRemover(s3),
  executions: new SfnExecutions<BackfillInput>(new SFNClient({}), settings.BACKFILL_MACHINE_ARN),
  intervalsAtOnce: settings.INTERVALS_AT_ONCE,
};
const restoring = {
  ...steering,
  launcher,
  restorer: new LambdaTableRestorer(new LambdaClient({}), settings.RESTORE_FUNCTION),
};

const rangeSchema = z.object({ from: z.iso.datetime(), to: z.iso.datetime() });
const id = z.string().min(1);

const requestSchema = z.discriminatedUnion('action', [
  z.object({
    action: z.literal('start'),
    kind: z.enum(['backfill', 'rebuild']),
    table: z.string(),
    range: rangeSchema.nullable(),
    dense: rangeSchema.optional(),
    events: z.number().int().positive().optional(),
    concurrency: z.number().int().positive().optional(),
    reason: z.string().min(1),
    by: z.string().min(1),
    dryRun: z.boolean(),
  }),
  z.object({ action: z.literal('rebuild-gold'), reason: z.string().min(1), by: z.string().min(1) }),
  z.object({
    action: z.literal('restore-silver'),
    table: z.string(),
    version: z.number().int().nonnegative(),
    reason: z.string().min(1),
    by: z.string().min(1),
    dryRun: z.boolean(),
  }),
  z.object({ action: z.enum(['pause', 'resume', 'cancel']), id }),
]);
type Request = z.output<typeof requestSchema>;
type Answer = Planned | Steered | GoldIsDue | Restore | Restored | Refusal;

function steer(request: Request, now: Date, context: Context): Promise<Answer> {
  const at = now.toISOString();
  const newId = runIdOf(settings.DOMAIN, now, randomBytes(4).toString('hex'));
  const term = { at, until: new Date(now.getTime() + context.getRemainingTimeInMillis()).toISOString() };
  switch (request.action) {
    case 'start':
      return startBackfill(steering, request, { id: newId, now: at });
    case 'rebuild-gold':
      return rebuildGold(launcher, settings.DOMAIN, request, {
        ...{ holder: `rebuild-${context.awsRequestId}`, nextRunId: newId, ...term },
      });
    case 'restore-silver':
      return restoreSilver(restoring, request, {
        ...{ holder: `restore-${context.awsRequestId}`, nextRunId: newId, ...term },
      });
    case 'pause':
      return pauseBackfill(steering, request.id);
    case 'resume':
      return resumeBackfill(steering, request.id);
    case 'cancel':
      return cancelBackfill(steering, request.id, at);
  }
}

export const handler = async (event: unknown, context: Context): Promise<Answer> => {
  const request = requestSchema.parse(event);
  const answer = await steer(request, new Date(), context);
  logger.info(answer.type, { action: request.action, ...answer });
  return answer;
};
