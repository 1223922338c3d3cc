import { SLOTS } from '../../lib/plan/plan.ts';
import type { Refusal } from '../../lib/publish/decide-rollback.ts';
import type { Decision } from '../../lib/publish/publication.ts';
import { handOver } from '../shared/hand-over.ts';
import type { Launcher } from '../shared/launch-run.ts';
import type { Term } from '../shared/ledger.ts';

/** What is known of this call. */
export interface GoldCall extends Term {
  /** Who holds the domain meanwhile. */
  readonly holder: string;
  /** Of the run that may follow. */
  readonly nextRunId: string;
}

/** Runs build all gold of the domain in full, first where consumers cannot see it, and then in the other slot. */
export interface GoldIsDue {
  readonly type: 'GoldIsDue';
  readonly domain: string;
}

/** Forgets what either slot was built from, as a rollback does: what nobody knows is built in full. */
export async function rebuildGold(
  launcher: Launcher,
  domain: string,
  { by, reason }: Decision,
  { holder, nextRunId, ...term }: GoldCall,
): Promise<GoldIsDue | Refusal> {
  const { ledger } = launcher;
  const lease = { domain, runId: holder };
  if (await ledger.goldHold(domain))
    return refuse(`gold is held; \`sluice publish release ${domain}\` ends that, and then it can be built`);
  if (!(await ledger.takeDomain(lease, term))) {
    const { activeRun = 'a run' } = await ledger.domainState(domain);
    return refuse(`'${activeRun}' has domain '${domain}', and may be building gold; try again when it has ended`);
  }
  try {
    for (const slot of SLOTS) await ledger.recordSlot(lease, slot, { inputs: {}, tables: {}, rebuild: { by, reason } });
  } finally {
    await handOver(launcher, lease, { runId: nextRunId, at: term.at });
  }
  return { type: 'GoldIsDue', domain };
}

const refuse = (reason: string): Refusal => ({ type: 'Refused', reason });
