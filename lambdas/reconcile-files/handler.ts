import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createFileLedger } from '../shared/clients.ts';
import { S3FileListing } from '../shared/s3-file-listing.ts';
import { readSettings } from '../shared/settings.ts';
import { SqsFileQueue } from '../shared/sqs-file-queue.ts';
import { EmfMetrics, logger } from '../shared/telemetry.ts';
import { type FilesReconciled, reconcileFiles } from './reconcile-files.ts';

const settings = readSettings('DOMAIN', 'LANDING_BUCKET', 'LEDGER_TABLE', 'FILE_QUEUE_URL', 'GRACE_MINUTES');
const reconciler = {
  domain: settings.DOMAIN,
  graceMinutes: settings.GRACE_MINUTES,
  listing: new S3FileListing(new S3Client({}), settings.LANDING_BUCKET),
  ledger: createFileLedger(settings),
  queue: new SqsFileQueue(new SQSClient({}), settings.FILE_QUEUE_URL),
  metrics: new EmfMetrics(settings.DOMAIN),
};

export const handler = async (): Promise<FilesReconciled> => {
  const reconciled = await reconcileFiles(reconciler, new Date());
  logger.info('files reconciled', { ...reconciled });
  return reconciled;
};
