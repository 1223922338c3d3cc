import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { runIdOf } from '../../lib/plan/decide-start.ts';
import { createLauncher } from '../shared/clients.ts';
import { readSettings } from '../shared/settings.ts';
import { logger } from '../shared/telemetry.ts';
import { type Start, startRun } from './start-run.ts';

const settings = readSettings('DOMAIN', 'LEDGER_TABLE', 'STATE_MACHINE_ARN', 'SETTLE_SECONDS');
const launcher = createLauncher(settings);

/** A commit to bronze, the end of a run of a domain that is read, or the wish of a person or a schedule. */
const requestSchema = z.union([
  z
    .object({ detail: z.object({ table: z.string(), version: z.number().int() }) })
    .transform(({ detail }) => ({ ...launcher, trigger: `${detail.table} version ${detail.version}` })),
  z
    .object({ detail: z.object({ domain: z.string(), runId: z.string() }) })
    .transform(({ detail }) => ({ ...launcher, trigger: `run ${detail.runId} of ${detail.domain}` })),
  // A person waits for the answer, and has sent what there was to send; a schedule has its hour.
  z.object({ trigger: z.string().min(1) }).transform(({ trigger }) => ({ ...launcher, settleSeconds: 0, trigger })),
]);

export const handler = async (event: unknown): Promise<Start> => {
  const now = new Date();
  const runId = runIdOf(settings.DOMAIN, now, randomBytes(4).toString('hex'));
  const { trigger, ...launch } = requestSchema.parse(event);
  const start = await startRun(launch, { domain: settings.DOMAIN, runId, trigger, at: now.toISOString() });
  logger.info(start.type, { ...start, trigger });
  return start;
};
