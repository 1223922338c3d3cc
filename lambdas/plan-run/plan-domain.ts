import type { Plan } from '../../lib/plan/plan.ts';
import { planRun } from '../../lib/plan/plan-run.ts';
import { type Lease, LostLeaseError } from '../shared/ledger.ts';
import type { JsonStore } from '../shared/ports.ts';
import { type Known, readKnown } from '../shared/read-known.ts';

export interface Planner extends Known {
  readonly documents: JsonStore;
}

/** What the state machine branches on. */
export interface Planned {
  readonly runId: string;
  readonly hasWork: boolean;
  readonly needsRefine: boolean;
  readonly needsModel: boolean;
  readonly planUri: string | null;
}

/** Compares what the tables hold with what the ledger says is done, and writes the plan where the jobs find it. */
export async function planDomain(planner: Planner, lease: Lease, createdAt: string): Promise<Planned> {
  const { activeRun } = await planner.ledger.domainState(lease.domain);
  // Two runs at once would have two Spark drivers write the same tables.
  if (activeRun !== lease.runId) throw new LostLeaseError(lease);
  const decision = planRun({ ...lease, createdAt, ...(await readKnown(planner, lease.domain, createdAt)) });
  if (!decision.hasWork) return idle(lease);
  return { ...(await writePlan(planner, decision.plan)), runId: lease.runId, hasWork: true };
}

async function writePlan({ documents, buckets }: Planner, plan: Plan) {
  const planUri = `s3://${buckets.ops}/runs/${plan.domain}/${plan.runId}/plan.json`;
  await documents.write(planUri, plan);
  return { planUri, needsRefine: plan.refine.length > 0, needsModel: plan.model !== null };
}

const idle = ({ runId }: Lease): Planned => ({
  runId,
  hasWork: false,
  needsRefine: false,
  needsModel: false,
  planUri: null,
});
