import { SFNClient } from '@aws-sdk/client-sfn';
import { type Backfill, type BackfillLedger, executionOf, isUnderWay } from '../../lambdas/shared/backfill-ledger.ts';
import type { Executions } from '../../lambdas/shared/ports.ts';
import { SfnExecutions } from '../../lambdas/shared/sfn-executions.ts';
import { UsageError } from '../shared/errors.ts';
import type { Platform } from '../shared/platform.ts';
import type { Seen } from './describe-backfill.ts';

/** What tells how far backfills of a domain have come. */
export interface Lookout {
  readonly backfills: Pick<BackfillLedger, 'backfill' | 'filled'>;
  readonly executions: Pick<Executions, 'isRunning'>;
}

export const lookoutOf = ({ backfills, settings }: Platform, domain: string): Lookout => ({
  backfills,
  executions: new SfnExecutions(new SFNClient({}), settings.get(`${domain}/backfill-machine-arn`)),
});

/** A backfill as it is now. */
export async function seenOf(lookout: Lookout, domain: string, id: string): Promise<Seen> {
  const backfill = await lookout.backfills.backfill(domain, id);
  if (!backfill) throw new UsageError(`backfill '${id}' is unknown; list them with \`sluice backfill status\``);
  return look(lookout, backfill);
}

/** With what is made of it. One whose execution ended without a word has failed, whatever the ledger says. */
export async function look({ backfills, executions }: Lookout, backfill: Backfill): Promise<Seen> {
  const { domain, id } = backfill;
  const isLost = isUnderWay(backfill) && !(await executions.isRunning(executionOf(backfill)));
  const filled = await backfills.filled(domain, id);
  if (!isLost) return { ...backfill, filled };
  // It may have ended well, or been resumed, since the ledger was read.
  const now = (await backfills.backfill(domain, id)) ?? backfill;
  const hasMoved = now.status !== backfill.status || now.attempt !== backfill.attempt;
  if (hasMoved) return { ...now, filled };
  return { ...backfill, filled, status: 'failed', error: 'its execution ended without a word' };
}
