import { decideFinish } from '../../lib/plan/decide-start.ts';
import { type Launcher, launchRun } from './launch-run.ts';
import type { DomainState, Lease } from './ledger.ts';

/** Each attempt that fails means that a commit or another run came in between. */
const ATTEMPTS = 5;

/** Gives the domain to the next run when one is due, and back otherwise. Returns the next run's id, or null. */
export async function handOver(
  launcher: Launcher,
  lease: Lease,
  next: { readonly runId: string; readonly at: string },
): Promise<string | null> {
  const { domain } = lease;
  const claim = { domain, ...next, trigger: `commits during '${lease.runId}'` };
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const state = await launcher.ledger.domainState(domain);
    const step = nextStep(state, lease.runId);
    if (step === 'leave') return null;
    if (step === 'release' && (await launcher.ledger.release(lease))) return null;
    const replaces = state.activeRun === undefined ? {} : { replaces: state.activeRun };
    if (step === 'startNext' && (await launchRun(launcher, { ...claim, ...replaces }))) return next.runId;
  }
  throw new Error(`domain '${domain}': it changed hands ${ATTEMPTS} times while run '${lease.runId}' gave it back`);
}

/** A domain that is free and dirty was given up by a run that could not start: what it was to do is still due. */
function nextStep(state: DomainState, runId: string): 'release' | 'startNext' | 'leave' {
  const isGivenUp = state.activeRun === undefined && state.dirty;
  return isGivenUp ? 'startNext' : decideFinish(state, runId).type;
}
