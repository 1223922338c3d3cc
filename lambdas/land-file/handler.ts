import { readFileSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { SQSHandler } from 'aws-lambda';
import { parquetEncoder } from '../../lib/landing/encode-parquet.ts';
import { digestOf } from '../../lib/source/event-digest.ts';
import { createBatchQueue, createEventBus, createFileLedger } from '../shared/clients.ts';
import { readContracts } from '../shared/contracts.ts';
import { createIngestGate } from '../shared/ingest-gate.ts';
import { readSecret } from '../shared/read-secret.ts';
import { S3LandedFiles } from '../shared/s3-landed-files.ts';
import { S3LargeFiles } from '../shared/s3-large-files.ts';
import { S3JsonStore, S3StagingStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { SqsFileQueue } from '../shared/sqs-file-queue.ts';
import { stageAll } from '../shared/stage-tables.ts';
import { EmfMetrics, logger } from '../shared/telemetry.ts';
import { holdTeller } from '../shared/tell-holds.ts';
import { TempSpool } from '../shared/temp-spool.ts';
import { WorkerFiles } from '../shared/worker-files.ts';
import { parseFileMessage } from './file-message.ts';
import { FileLander } from './land-file.ts';
import { loadPlanner } from './plan-load.ts';
import { destinations, fileTables } from './route-file.ts';

/** Parts of a large file that are landed side by side. */
const PART_BYTES = 64 * 1024 * 1024;
/** Enough to stage what is held, and to hand the rest over. */
const CLOSING_MS = 45_000;

const settings = readSettings(
  'DOMAIN',
  'LANDING_BUCKET',
  'COMMIT_QUEUE_URL',
  'FILE_QUEUE_URL',
  'LARGE_FILE_BYTES',
  'LEDGER_TABLE',
  'TOKEN_SECRET_ARN',
  'EVENT_ID_SECRET_ARN',
  'QUARANTINE_KEY_ARN',
);
const contracts = readContracts(import.meta.url);
const s3 = new S3Client({});
const metrics = new EmfMetrics(settings.DOMAIN);
const staging = {
  encode: parquetEncoder(readFileSync(new URL('./parquet_wasm_bg.wasm', import.meta.url))),
  store: new S3StagingStore(s3, settings.LANDING_BUCKET),
  queue: createBatchQueue(settings),
  ordered: false,
  tellHold: holdTeller(metrics, createEventBus()),
};
const lander = new FileLander(
  {
    files: new S3LandedFiles(s3),
    ledger: createFileLedger(settings),
    queue: new SqsFileQueue(new SQSClient({}), settings.FILE_QUEUE_URL),
    large: new S3LargeFiles(new S3JsonStore(s3), settings.LANDING_BUCKET),
    landing: await createIngestGate(settings, import.meta.url),
    stage: (tables) => stageAll(tables, staging),
    destinationOf: destinations(settings.DOMAIN, contracts),
    binary: new WorkerFiles(new URL('./binary-worker.mjs', import.meta.url)),
    spool: new TempSpool(),
  },
  {
    tables: fileTables(contracts),
    largeBytes: settings.LARGE_FILE_BYTES,
    partBytes: PART_BYTES,
    planLoad: loadPlanner(
      {
        domain: settings.DOMAIN,
        landingBucket: settings.LANDING_BUCKET,
        tokenSecretArn: settings.TOKEN_SECRET_ARN,
        eventIdSecretArn: settings.EVENT_ID_SECRET_ARN,
        quarantineKeyArn: settings.QUARANTINE_KEY_ARN,
      },
      contracts,
    ),
    digest: digestOf(await readSecret(new SecretsManagerClient({}), settings.EVENT_ID_SECRET_ARN)),
  },
);

export const handler: SQSHandler = async ({ Records }, context) => {
  const clock = {
    now: () => new Date().toISOString(),
    isShort: () => context.getRemainingTimeInMillis() < CLOSING_MS,
  };
  for (const { body, messageId } of Records) {
    const outcome = await lander.take(parseFileMessage(body), clock);
    logger.info('file', { outcome, messageId });
  }
};
