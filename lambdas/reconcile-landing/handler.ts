import { SQSClient } from '@aws-sdk/client-sqs';
import { createHandOvers } from '../shared/clients.ts';
import { readSettings } from '../shared/settings.ts';
import { SqsBatchQueue } from '../shared/sqs-batch-queue.ts';
import { EmfMetrics, logger } from '../shared/telemetry.ts';
import { type Reconciled, reconcileLanding } from './reconcile-landing.ts';

const settings = readSettings('DOMAIN', 'LEDGER_TABLE', 'COMMIT_QUEUE_URL', 'GRACE_MINUTES');
const reconciler = {
  domain: settings.DOMAIN,
  graceMinutes: settings.GRACE_MINUTES,
  handOvers: createHandOvers(settings.LEDGER_TABLE),
  queue: new SqsBatchQueue(new SQSClient({}), settings.COMMIT_QUEUE_URL),
  metrics: new EmfMetrics(settings.DOMAIN),
};

export const handler = async (): Promise<Reconciled> => {
  const reconciled = await reconcileLanding(reconciler, new Date());
  logger.info('landing reconciled', { ...reconciled });
  return reconciled;
};
