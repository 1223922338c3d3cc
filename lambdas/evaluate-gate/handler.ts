import { S3Client } from '@aws-sdk/client-s3';
import { z } from 'zod';
import type { Outcome } from '../../lib/plan/decide-gate.ts';
import { createBatchQueue, createLedger } from '../shared/clients.ts';
import { S3JsonStore } from '../shared/s3-stores.ts';
import { readSettings } from '../shared/settings.ts';
import { logger, logRun } from '../shared/telemetry.ts';
import { evaluateGate, type Step } from './evaluate-gate.ts';

const settings = readSettings('LEDGER_TABLE', 'COMMIT_QUEUE_URL');
const gate = {
  ledger: createLedger(settings.LEDGER_TABLE),
  documents: new S3JsonStore(new S3Client({})),
  queue: createBatchQueue(settings),
};

const inputSchema = z.object({
  runId: z.string().min(1),
  step: z.enum(['refine', 'model']),
  planUri: z.string().min(1),
});

export const handler = async (event: unknown): Promise<{ step: Step; outcome: Outcome }> => {
  const { runId, step, planUri } = inputSchema.parse(event);
  logRun(runId);
  const { outcome, reasons } = await evaluateGate(gate, step, planUri);
  logger.info('gate evaluated', { step, outcome, reasons });
  return { step, outcome };
};
