import { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import { createLedger } from '../shared/clients.ts';
import { readContracts } from '../shared/contracts.ts';
import { S3DeltaVersions, S3JsonStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { logger, logRun } from '../shared/telemetry.ts';
import { type Planned, planDomain } from './plan-domain.ts';

const settings = readSettings('DOMAIN', 'LEDGER_TABLE', 'BRONZE_BUCKET', 'SILVER_BUCKET', 'GOLD_BUCKET', 'OPS_BUCKET');
const s3 = new S3Client({});
const planner = {
  ledger: createLedger(settings.LEDGER_TABLE),
  versions: new S3DeltaVersions(s3),
  documents: new S3JsonStore(s3),
  contracts: readContracts(import.meta.url),
  buckets: {
    bronze: settings.BRONZE_BUCKET,
    silver: settings.SILVER_BUCKET,
    gold: settings.GOLD_BUCKET,
    ops: settings.OPS_BUCKET,
  },
};

const inputSchema = z.object({ runId: z.string().min(1), trigger: z.string() });

export const handler = async (event: unknown): Promise<Planned> => {
  const { runId } = inputSchema.parse(event);
  logRun(runId);
  const planned = await planDomain(planner, { domain: settings.DOMAIN, runId }, new Date().toISOString());
  logger.info('planned', { ...planned });
  return planned;
};
