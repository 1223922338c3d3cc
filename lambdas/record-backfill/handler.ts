import { randomBytes } from 'node:crypto';
import { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { runIdOf } from '../../lib/plan/decide-start.ts';
import { createBackfillLedger, createBatchQueue, createEventBus, createLauncher } from '../shared/clients.ts';
import { S3FolderRemover } from '../shared/s3-folder-remover.ts';
import { S3JsonStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { EmfMetrics, logger, logRun } from '../shared/telemetry.ts';
import { failBackfill, finishBackfill, recordFilled, takeDomain } from './record-backfill.ts';

const settings = readSettings(
  'DOMAIN',
  'LEDGER_TABLE',
  'COMMIT_QUEUE_URL',
  'STATE_MACHINE_ARN',
  'SETTLE_SECONDS',
  'SETTLE_MINUTES',
);
const s3 = new S3Client({});
const recorder = {
  domain: settings.DOMAIN,
  backfills: createBackfillLedger(settings.LEDGER_TABLE),
  launcher: createLauncher(settings),
  documents: new S3JsonStore(s3),
  queue: createBatchQueue(settings),
  folders: new S3FolderRemover(s3),
  bus: createEventBus(),
  metrics: new EmfMetrics(settings.DOMAIN),
  settleMinutes: settings.SETTLE_MINUTES,
  nextRunId: (now: Date) => runIdOf(settings.DOMAIN, now, randomBytes(4).toString('hex')),
};

/** What the state machine tells of its execution, or the rule on executions that were killed. */
const eventSchema = z.discriminatedUnion('step', [
  z.object({ step: z.literal('filled'), execution: z.string(), index: z.number().int() }),
  z.object({ step: z.literal('take'), execution: z.string() }),
  z.object({ step: z.literal('settled'), execution: z.string() }),
  z.object({
    step: z.literal('failed'),
    execution: z.string(),
    error: z.object({ Error: z.string().default('Error'), Cause: z.string().default('') }),
  }),
]);
type StepEvent = z.output<typeof eventSchema>;

async function record(event: StepEvent, now: Date): Promise<object> {
  const { execution } = event;
  switch (event.step) {
    case 'filled':
      await recordFilled(recorder, execution, event.index);
      return { index: event.index };
    case 'take':
      return takeDomain(recorder, execution, now);
    case 'settled': {
      const { outcome, comparison } = await finishBackfill(recorder, execution, now);
      return { outcome, comparison };
    }
    case 'failed':
      return { status: await failBackfill(recorder, execution, `${event.error.Error}: ${event.error.Cause}`, now) };
  }
}

export const handler = async (event: unknown): Promise<object> => {
  const parsed = eventSchema.parse(event);
  logRun(parsed.execution);
  const answer = await record(parsed, new Date());
  logger.info(`backfill ${parsed.step}`, { ...answer });
  return answer;
};
