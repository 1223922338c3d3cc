import { randomBytes } from 'node:crypto';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { S3Client } from '@aws-sdk/client-s3';
import { runIdOf } from '../../lib/plan/decide-start.ts';
import { createEventBus, createLauncher } from '../shared/clients.ts';
import { CloudWatchLineageLog } from '../shared/cloudwatch-lineage-log.ts';
import { S3EvidenceStore } from '../shared/s3-evidence-store.ts';
import { S3JsonStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { EmfMetrics, logger, logRun } from '../shared/telemetry.ts';
import { endedSchema } from './ended.ts';
import { type Finished, finishRun } from './finish-run.ts';

const settings = readSettings(
  'SLUICE_ENV',
  'DOMAIN',
  'LEDGER_TABLE',
  'OPS_BUCKET',
  'EVIDENCE_BUCKET',
  'STATE_MACHINE_ARN',
  'SETTLE_SECONDS',
  'LINEAGE_LOG_GROUP',
);
const s3 = new S3Client({});
const finisher = {
  launcher: createLauncher(settings),
  documents: new S3JsonStore(s3),
  evidence: new S3EvidenceStore(s3, settings.EVIDENCE_BUCKET),
  lineageLog: new CloudWatchLineageLog(new CloudWatchLogsClient({}), settings.LINEAGE_LOG_GROUP),
  bus: createEventBus(),
  metrics: new EmfMetrics(settings.DOMAIN),
  env: settings.SLUICE_ENV,
  opsBucket: settings.OPS_BUCKET,
  nextRunId: (now: Date) => runIdOf(settings.DOMAIN, now, randomBytes(4).toString('hex')),
};

export const handler = async (event: unknown): Promise<Finished> => {
  const ended = endedSchema.parse(event);
  logRun(ended.state.runId);
  const finished = await finishRun(finisher, settings.DOMAIN, ended, new Date());
  logger.info('run finished', { ...finished });
  return finished;
};
