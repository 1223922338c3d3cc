import { setTimeout as sleep } from 'node:timers/promises';
import type { Cancellation, Ledger, RunItem } from '../../lambdas/shared/ledger.ts';
import type { Executions } from '../../lambdas/shared/ports.ts';
import { OperationError } from '../shared/errors.ts';

const POLL_MS = 200;
/** Stopping its job may take a while; recording its end is a matter of seconds. */
const PATIENCE_MS = 60_000;

export interface Canceller {
  readonly ledger: Pick<Ledger, 'domainState' | 'noteCancellation' | 'run'>;
  readonly executions: Pick<Executions, 'stop'>;
}

/** Stops a domain's active run, and waits until its end is recorded. */
export async function cancelRun(
  { ledger, executions }: Canceller,
  domain: string,
  cancellation: Cancellation,
): Promise<RunItem> {
  const { activeRun, heldUntil } = await ledger.domainState(domain);
  if (activeRun === undefined) throw new OperationError(`domain '${domain}' has no active run`);
  if (heldUntil !== undefined)
    throw new OperationError(`'${activeRun}' has domain '${domain}', until ${heldUntil} at the latest; it is no run`);
  const isNoted = await ledger.noteCancellation(domain, activeRun, cancellation);
  if (!isNoted) throw new OperationError(`run '${activeRun}' has just ended; see \`sluice runs show ${activeRun}\``);
  await executions.stop(activeRun, cancellation.reason);
  return untilEnded(ledger, domain, activeRun);
}

async function untilEnded(ledger: Canceller['ledger'], domain: string, runId: string): Promise<RunItem> {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline; await sleep(POLL_MS)) {
    const run = await ledger.run(domain, runId);
    if (run?.endedAt) return run;
  }
  throw new OperationError(`run '${runId}' was stopped, but its end is not recorded yet; see \`sluice runs\``);
}
