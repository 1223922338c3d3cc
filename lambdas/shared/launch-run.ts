import type { Claim, Ledger } from './ledger.ts';
import type { Executions } from './ports.ts';

export interface Launcher {
  readonly ledger: Ledger;
  readonly executions: Executions;
  /** How long a run waits for more commits before it plans. */
  readonly settleSeconds: number;
}

/** Takes the domain and starts the execution. False when another run came first. */
export async function launchRun({ ledger, executions, settleSeconds }: Launcher, claim: Claim): Promise<boolean> {
  if (!(await ledger.claim(claim))) return false;
  const { runId, trigger } = claim;
  try {
    await executions.start({ runId, trigger, settleSeconds });
  } catch (cause) {
    await giveUp(ledger, claim);
    throw new Error(`run '${runId}': its execution could not be started; the domain is free again`, { cause });
  }
  return true;
}

/** Should the execution have started after all, it finds in its first step that it does not hold the domain. */
async function giveUp(ledger: Ledger, claim: Claim): Promise<void> {
  await ledger.abandon(claim);
  await ledger.endRun(claim.domain, brokenRun(claim, 'the execution could not be started'));
}

/** A run of which nothing but its failure is known. */
export const brokenRun = ({ runId, trigger, at }: Omit<Claim, 'domain'>, error: string) => ({
  type: 'run' as const,
  v: 1 as const,
  runId,
  status: 'failed' as const,
  trigger,
  startedAt: at,
  endedAt: at,
  durationMs: 0,
  steps: [],
  gates: [],
  error,
});
