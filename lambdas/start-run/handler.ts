import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { runIdOf } from '../../lib/plan/decide-start.ts';
import { createLauncher } from '../shared/clients.ts';
import { readSettings } from '../shared/settings.ts';
import { logger, logRun } from '../shared/telemetry.ts';
import { type Start, startRun } from './start-run.ts';

const settings = readSettings('DOMAIN', 'LEDGER_TABLE', 'STATE_MACHINE_ARN', 'SETTLE_SECONDS');
const launcher = createLauncher(settings);

/** A commit to bronze, or the wish of a person. */
const requestSchema = z.union([
  z
    .object({ detail: z.object({ table: z.string(), version: z.number().int() }) })
    .transform(({ detail }) => `${detail.table} version ${detail.version}`),
  z.object({ trigger: z.string().min(1) }).transform(({ trigger }) => trigger),
]);

export const handler = async (event: unknown): Promise<Start> => {
  const now = new Date();
  const runId = runIdOf(settings.DOMAIN, now, randomBytes(4).toString('hex'));
  logRun(runId);
  const trigger = requestSchema.parse(event);
  const start = await startRun(launcher, { domain: settings.DOMAIN, runId, trigger, at: now.toISOString() });
  logger.info(start.type, { ...start, trigger });
  return start;
};
