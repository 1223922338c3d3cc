import type { RunItem } from '../../lambdas/shared/ledger.ts';
import { UsageError } from '../shared/errors.ts';

/**
 * Makes sure that a run has left something to do. A new run plans anew from what the tables and the ledger say, so it
 * goes on where the old one stopped, and takes in what has landed since.
 * @param runs those of the run's domain, newest first
 */
export function checkRetry({ runId, status }: RunItem, runs: readonly RunItem[]): void {
  if (status === 'running')
    throw new UsageError(`run '${runId}' is not over; wait for it, or stop it with \`sluice runs cancel\``);
  if (status === 'succeeded' || status === 'nothing-to-do')
    throw new UsageError(`run '${runId}' ended well and left nothing to do; \`sluice run\` starts another`);
  const heir = runs.find((run) => run.runId > runId && run.status === 'succeeded');
  if (heir) throw new UsageError(`run '${runId}' left nothing to do: run '${heir.runId}' came after it and succeeded`);
}
