import { type Contract, tableId } from '../../lib/contract/contract.ts';
import { type HistoryKey, hasHistory, historyKey } from '../../lib/plan/history.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { type Buckets, type PlanInput, planRun } from '../../lib/plan/plan-run.ts';
import { type Lease, type Ledger, LostLeaseError, type TableState } from '../shared/ledger.ts';
import type { DeltaVersions, JsonStore } from '../shared/ports.ts';

export interface Planner {
  readonly ledger: Ledger;
  readonly versions: DeltaVersions;
  readonly documents: JsonStore;
  readonly contracts: readonly Contract[];
  readonly buckets: Buckets;
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
  const decision = planRun({ ...lease, createdAt, ...(await readInput(planner, lease.domain, createdAt)) });
  if (!decision.hasWork) return idle(lease);
  return { ...(await writePlan(planner, decision.plan)), runId: lease.runId, hasWork: true };
}

type Known = Omit<PlanInput, 'runId' | 'domain' | 'createdAt'>;

async function readInput(planner: Planner, domain: string, createdAt: string): Promise<Known> {
  const { ledger, versions, contracts, buckets } = planner;
  const sources = contracts.filter(({ layer }) => layer !== 'gold');
  const states = await ledger.tables(sources.map(tableId));
  const latest = sources.map((contract) => latestOf(versions, contract, buckets, states.get(tableId(contract))));
  const [found, slots, published, overrides, replays, histories] = await Promise.all([
    Promise.all(latest),
    ledger.slots(domain),
    ledger.published(domain),
    ledger.overrides(domain),
    ledger.replays(domain),
    ledger.histories(historyKeys(contracts, createdAt)),
  ]);
  return {
    contracts,
    buckets,
    versions: Object.fromEntries(found.flat().map(({ id, version }) => [id, version])),
    unchangedSince: Object.fromEntries(found.flat().map(({ id, changed }) => [id, changed])),
    consumed: Object.fromEntries([...states].map(([id, { consumed = {} }]) => [id, consumed])),
    slots: Object.fromEntries(slots),
    published: published?.slot ?? null,
    overrides,
    replays,
    histories,
  };
}

const historyKeys = (contracts: readonly Contract[], createdAt: string): HistoryKey[] =>
  contracts.flatMap((contract) =>
    contract.checks.filter(hasHistory).map((check) => historyKey(tableId(contract), check, createdAt)),
  );

async function latestOf(
  versions: DeltaVersions,
  contract: Contract,
  buckets: Buckets,
  state: TableState | undefined,
): Promise<{ id: string; version: number; changed: number }[]> {
  const uri = `s3://${buckets[contract.layer]}/${contract.domain}/${contract.table}`;
  const version = await versions.latest(uri, state?.version);
  if (version === null) return [];
  return [{ id: tableId(contract), version, changed: await versions.lastChange(uri, version, state?.version ?? -1) }];
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
