import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createAccountBook, createEventBus, createLedger, createWatchLedger } from '../shared/clients.ts';
import { CloudWatchGauges } from '../shared/cloudwatch-gauges.ts';
import { readContracts } from '../shared/contracts.ts';
import { LambdaRunFunctions } from '../shared/lambda-run-functions.ts';
import { NamedLetters } from '../shared/named-letters.ts';
import { readSettings } from '../shared/settings.ts';
import { SfnExecutions } from '../shared/sfn-executions.ts';
import { EmfMetrics, logger } from '../shared/telemetry.ts';
import { type Watchdog, type Watched, watchDomain } from './watch-domain.ts';

const settings = readSettings(
  'SLUICE_ENV',
  'DOMAIN',
  'LEDGER_TABLE',
  'STATE_MACHINE_ARN',
  'DEAD_LETTER_QUEUES',
  'RUN_LIMIT_MINUTES',
  'QUARANTINE_DAYS',
  'RELEASES_PER_DAY',
  'RESTARTS_PER_DAY',
  'REDRIVES_PER_DAY',
);
const prefix = `sluice-${settings.SLUICE_ENV}-${settings.DOMAIN}-`;
const [lambda, sqs] = [new LambdaClient({}), new SQSClient({})];
const watchdog: Watchdog = {
  domain: settings.DOMAIN,
  contracts: readContracts(import.meta.url),
  ledger: createLedger(settings.LEDGER_TABLE),
  watches: createWatchLedger(settings),
  executions: new SfnExecutions(new SFNClient({}), settings.STATE_MACHINE_ARN),
  accounts: createAccountBook(settings.LEDGER_TABLE),
  queues: settings.DEAD_LETTER_QUEUES.map((queue) => new NamedLetters({ sqs, lambda }, prefix, queue)),
  gauges: new CloudWatchGauges(new CloudWatchClient({}), `${prefix}land-records`),
  runs: new LambdaRunFunctions(lambda, prefix),
  bus: createEventBus(),
  metrics: new EmfMetrics(settings.DOMAIN),
  warn: (what, error) => logger.error(`not seen: ${what}`, error as Error),
  settings: {
    runLimitMinutes: settings.RUN_LIMIT_MINUTES,
    quarantineDays: settings.QUARANTINE_DAYS,
    limits: {
      'release-lease': settings.RELEASES_PER_DAY,
      'restart-run': settings.RESTARTS_PER_DAY,
      redrive: settings.REDRIVES_PER_DAY,
    },
  },
};

/** On a schedule, or when a person asks for a look. */
export const handler = async (): Promise<Watched> => {
  const watched = await watchDomain(watchdog, new Date());
  logger.info('domain watched', { ...watched.watch });
  return watched;
};
