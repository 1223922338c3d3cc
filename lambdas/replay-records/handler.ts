import { readFileSync } from 'node:fs';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import { parquetEncoder } from '../../lib/landing/encode-parquet.ts';
import { createBatchQueue, createEventBus, createLedger } from '../shared/clients.ts';
import { createIngestGate } from '../shared/ingest-gate.ts';
import { KmsDataKeys } from '../shared/kms-data-keys.ts';
import { KmsUnsealer } from '../shared/kms-unsealer.ts';
import { S3OnFailureFolder } from '../shared/s3-on-failure-folder.ts';
import { S3JsonStore, S3StagingStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { stageAll } from '../shared/stage-tables.ts';
import { EmfMetrics, logger } from '../shared/telemetry.ts';
import { holdTeller } from '../shared/tell-holds.ts';
import { type Answer, answer, type ReplayPorts } from './replay-records.ts';
import { type ReplayRequest, requestSchema } from './request.ts';

const settings = readSettings(
  'DOMAIN',
  'LANDING_BUCKET',
  'OPS_BUCKET',
  'COMMIT_QUEUE_URL',
  'LEDGER_TABLE',
  'TOKEN_SECRET_ARN',
  'QUARANTINE_KEY_ARN',
);
const s3 = new S3Client({});
const metrics = new EmfMetrics(settings.DOMAIN);
const staging = {
  encode: parquetEncoder(readFileSync(new URL('./parquet_wasm_bg.wasm', import.meta.url))),
  store: new S3StagingStore(s3, settings.LANDING_BUCKET),
  queue: createBatchQueue(settings),
  ordered: false,
  tellHold: holdTeller(metrics, createEventBus()),
};
const ports: ReplayPorts = {
  domain: settings.DOMAIN,
  gate: await createIngestGate(settings, import.meta.url),
  unsealer: new KmsUnsealer(new KmsDataKeys(new KMSClient({}), settings.DOMAIN)),
  folder: new S3OnFailureFolder(s3),
  stager: {
    stage: (tables, how) => stageAll(tables, { ...staging, ...how }),
  },
  scheduler: {
    domain: settings.DOMAIN,
    documents: new S3JsonStore(s3),
    book: createLedger(settings.LEDGER_TABLE),
    folder: `s3://${settings.OPS_BUCKET}/runs/${settings.DOMAIN}/replays`,
  },
};

export const handler = async (event: ReplayRequest): Promise<Answer> => {
  const request = requestSchema.parse(event);
  const answered = await answer(request, ports);
  logger.info('answered', { type: request.type, ...answered });
  return answered;
};
