import { EMRServerlessClient } from '@aws-sdk/client-emr-serverless';
import { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { createBatchQueue, createFileLedger, createLoadLedger } from '../shared/clients.ts';
import { EmrLoadJobs } from '../shared/emr-load-jobs.ts';
import { shardOfPlan } from '../shared/load-documents.ts';
import { S3LandedFiles } from '../shared/s3-landed-files.ts';
import { S3JsonStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { EmfMetrics, logger } from '../shared/telemetry.ts';
import { type Advanced, advanceLoads } from './advance-loads.ts';

const settings = readSettings(
  'DOMAIN',
  'LANDING_BUCKET',
  'LEDGER_TABLE',
  'COMMIT_QUEUE_URL',
  'LOADS_AT_ONCE',
  'APPLICATION_ID',
  'JOB_ROLE_ARN',
  'JOB_ENTRY_POINT',
  'JOB_PARAMETERS',
  'JOB_TIMEOUT_MINUTES',
  'JOB_LOG_URI',
);
const s3 = new S3Client({});
const advancer = {
  domain: settings.DOMAIN,
  landingBucket: settings.LANDING_BUCKET,
  atOnce: settings.LOADS_AT_ONCE,
  loads: createLoadLedger(settings),
  ledger: createFileLedger(settings),
  files: new S3LandedFiles(s3),
  jobs: new EmrLoadJobs(new EMRServerlessClient({}), settings),
  documents: new S3JsonStore(s3),
  queue: createBatchQueue(settings),
  metrics: new EmfMetrics(settings.DOMAIN),
};

/** With the key of a plan that was just written; without, of a job that ended or a clock that ticked. */
const eventSchema = z.object({
  planKey: z.string().transform(shardOfPlan).nullable().default(null),
});

export const handler = async (event: unknown): Promise<Advanced> => {
  const advanced = await advanceLoads(advancer, eventSchema.parse(event).planKey, new Date());
  logger.info('loads advanced', { ...advanced });
  return advanced;
};
