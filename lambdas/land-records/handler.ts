import { readFileSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import type { KinesisStreamHandler } from 'aws-lambda';
import { countRefusals } from '../../lib/landing/count-refusals.ts';
import { parquetEncoder } from '../../lib/landing/encode-parquet.ts';
import { createBatchQueue, createEventBus } from '../shared/clients.ts';
import { createIngestGate } from '../shared/ingest-gate.ts';
import { S3StagingStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { failedItems, stageTables } from '../shared/stage-tables.ts';
import { toStreamRecord } from '../shared/stream-record.ts';
import { EmfMetrics, logger } from '../shared/telemetry.ts';
import { holdTeller } from '../shared/tell-holds.ts';

const settings = readSettings(
  'DOMAIN',
  'LANDING_BUCKET',
  'COMMIT_QUEUE_URL',
  'LEDGER_TABLE',
  'TOKEN_SECRET_ARN',
  'ORDERED',
  'QUARANTINE_KEY_ARN',
);
const metrics = new EmfMetrics(settings.DOMAIN);
const staging = {
  encode: parquetEncoder(readFileSync(new URL('./parquet_wasm_bg.wasm', import.meta.url))),
  store: new S3StagingStore(new S3Client({}), settings.LANDING_BUCKET),
  queue: createBatchQueue(settings),
  ordered: settings.ORDERED,
  tellHold: holdTeller(metrics, createEventBus()),
};
const landing = await createIngestGate(settings, import.meta.url);

export const handler: KinesisStreamHandler = async ({ Records }) => {
  for (const record of Records) landing.takeRecord(toStreamRecord(record));
  const tables = landing.drain();
  for (const [table, count] of countRefusals(settings.DOMAIN, tables))
    metrics.add('EventsRefused', 'Count', count, { table });
  const failures = await stageTables(tables, staging);
  for (const { table, count } of tables) logger.info('landed', { table, rows: count, records: Records.length });
  for (const { table, error } of failures) logger.error(`staging ${table} failed`, error as Error);
  return { batchItemFailures: failedItems(failures) };
};
