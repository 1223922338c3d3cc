/** A domain's `STATE` in the ledger, as far as starting a run depends on it. */
export interface DomainState {
  readonly activeRun?: string;
  /** Something was committed after the active run had made its plan, perhaps. */
  readonly dirty: boolean;
}

export type StartDecision =
  | { readonly type: 'start'; readonly runId: string }
  /** The active run's end starts the next one. */
  | { readonly type: 'markDirty' }
  /** An earlier trigger has already asked for the next run. */
  | { readonly type: 'alreadyDirty' };

/** One run a domain at a time: a burst of commits makes one run now, and one after it. */
export function decideStart({ activeRun, dirty }: DomainState, runId: string): StartDecision {
  if (activeRun === undefined) return { type: 'start', runId };
  return dirty ? { type: 'alreadyDirty' } : { type: 'markDirty' };
}

export type FinishDecision =
  | { readonly type: 'release' }
  | { readonly type: 'startNext' }
  /** Another run has taken over since; it is not ours to release. */
  | { readonly type: 'leave' };

/** A claim this young may not have started its execution yet. */
export const CLAIM_GRACE_MS = 60_000;

/** What the end of a run does to its domain. */
export function decideFinish({ activeRun, dirty }: DomainState, runId: string): FinishDecision {
  if (activeRun !== runId) return { type: 'leave' };
  return { type: dirty ? 'startNext' : 'release' };
}

/** `<domain>-<yyyymmdd>t<hhmmss>-<8 hex>`: sorts by time, and is a valid name of a Step Functions execution. */
export function runIdOf(domain: string, startedAt: Date, hex: string): string {
  const [date, time] = startedAt.toISOString().replace(/[-:]/g, '').split('T');
  return `${domain}-${date}t${time?.slice(0, 6)}-${hex.slice(0, 8)}`;
}
