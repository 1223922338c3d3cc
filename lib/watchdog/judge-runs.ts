import { CLAIM_GRACE_MS } from '../plan/decide-start.ts';
import type { Seen, Snapshot, WatchedLease, WatchedRun, WatchSettings } from './snapshot.ts';
import type { Finding } from './watch.ts';

/** How the last run ended, and who has the domain. */
export function judgeRuns(snapshot: Snapshot, settings: WatchSettings): Seen<Finding> {
  const { lease, runs } = snapshot;
  const isUnseen = lease !== null && lease.heldUntil === undefined && lease.isRunning === null;
  return {
    findings: [...endOf(newestEnded(runs)), ...(lease ? leaseOf(lease, snapshot.now, settings) : [])],
    unknown: isUnseen ? [`whether run ${lease.holder}, which has the domain, is going on`] : [],
  };
}

/** Newest first. */
export const newestEnded = (runs: readonly WatchedRun[]): WatchedRun | undefined =>
  runs.find(({ status }) => status !== 'running');

function endOf(run: WatchedRun | undefined): Finding[] {
  const about = run?.runId ?? '';
  // The error may quote what a job was told; `runs show` has it for those who may see it.
  if (run?.status === 'failed') return [{ kind: 'failed-run', about, message: 'the last run failed' }];
  if (run?.status === 'blocked') return [{ kind: 'blocked-run', about, message: 'a gate stopped the last run' }];
  return [];
}

function leaseOf(lease: WatchedLease, now: string, { runLimitMinutes }: WatchSettings): Finding[] {
  const { holder: about, claimedAt, heldUntil, isRunning } = lease;
  if (isLost(lease, now)) {
    const ended = heldUntil ? `it was to give it back by ${heldUntil}` : 'its execution has ended';
    return [{ kind: 'stuck-lease', about, message: `it has the domain, and ${ended}` }];
  }
  const isLong = isRunning && claimedAt && Date.parse(now) - Date.parse(claimedAt) > runLimitMinutes * 60_000;
  if (!isLong) return [];
  const message = `it has been going on since ${claimedAt}; no run takes longer than ${runLimitMinutes} minutes`;
  return [{ kind: 'long-run', about, message }];
}

/** Whether who has the domain is known to have ended. A claim this young may not have started its execution yet. */
export function isLost({ claimedAt, heldUntil, isRunning }: WatchedLease, now: string): boolean {
  if (heldUntil) return Date.parse(heldUntil) < Date.parse(now);
  const isYoung = claimedAt !== undefined && Date.parse(now) - Date.parse(claimedAt) < CLAIM_GRACE_MS;
  return isRunning === false && !isYoung;
}
