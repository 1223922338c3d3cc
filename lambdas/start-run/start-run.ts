import { CLAIM_GRACE_MS, decideStart } from '../../lib/plan/decide-start.ts';
import { brokenRun, type Launcher, launchRun } from '../shared/launch-run.ts';
import type { Claim, DomainState } from '../shared/ledger.ts';

/** What became of the wish for a run. */
export type Start =
  | { readonly type: 'RunStarted'; readonly runId: string }
  /** The active run's end starts the next one. */
  | { readonly type: 'RunWaits'; readonly activeRun: string };

/** Each attempt that fails means that another one succeeded, so a few are enough. */
const ATTEMPTS = 5;

/** One run a domain at a time. A run that ended without giving the domain back is replaced. */
export async function startRun(launcher: Launcher, claim: Claim): Promise<Start> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const start = await tryToStart(launcher, claim);
    if (start) return start;
  }
  throw new Error(`domain '${claim.domain}': runs came and went ${ATTEMPTS} times while one was to start; try again`);
}

/** Null when the domain changed hands meanwhile. */
async function tryToStart(launcher: Launcher, claim: Claim): Promise<Start | null> {
  const { ledger } = launcher;
  const state = await ledger.domainState(claim.domain);
  const decision = decideStart(state, claim.runId);
  if (decision.type === 'start') return launch(launcher, claim);
  const { activeRun = '' } = state;
  if (await isLost(launcher, state, claim.at)) return replace(launcher, claim, activeRun);
  const isAsked = decision.type === 'alreadyDirty' || (await ledger.markDirty(claim.domain));
  return isAsked ? { type: 'RunWaits', activeRun } : null;
}

async function launch(launcher: Launcher, claim: Claim): Promise<Start | null> {
  return (await launchRun(launcher, claim)) ? { type: 'RunStarted', runId: claim.runId } : null;
}

async function replace(launcher: Launcher, claim: Claim, lost: string): Promise<Start | null> {
  const start = await launch(launcher, { ...claim, replaces: lost });
  const run = start && (await launcher.ledger.run(claim.domain, lost));
  if (run) {
    const failed = brokenRun({ ...run, at: claim.at }, 'the execution ended without finishing its run');
    await launcher.ledger.endRun(claim.domain, { ...failed, startedAt: run.startedAt });
  }
  return start;
}

async function isLost({ executions }: Launcher, state: DomainState, now: string): Promise<boolean> {
  const { activeRun, claimedAt, heldUntil } = state;
  // Maintenance has no execution to look at; it ends by a time that it names.
  if (heldUntil) return Date.parse(heldUntil) < Date.parse(now);
  const age = Date.parse(now) - Date.parse(claimedAt ?? '');
  // A claim without a time is none of ours; it is judged by its execution alone.
  return activeRun !== undefined && !(age < CLAIM_GRACE_MS) && !(await executions.isRunning(activeRun));
}
