import path from 'node:path';
import type { Contract } from '../../../lib/contract/contract.ts';
import { loadContracts } from '../../../lib/contract/load-contracts.ts';
import type { Plan, PlannedCheck, StepResults, TableResult } from '../../../lib/plan/plan.ts';
import { type PlanInput, planRun } from '../../../lib/plan/plan-run.ts';
import { REFUSED_ROWS } from '../../../lib/plan/row-limit.ts';

export const ORDERS = 'commerce.bronze.orders';
export const LINES = 'commerce.silver.order_lines';
export const CALENDAR = 'commerce.gold.gold_dim_date';
export const SALES = 'commerce.gold.gold_fact_sales';
export const PERFORMANCE = 'commerce.gold.gold_product_performance';

export const RATES = 'commerce.silver.fx_rates';

const ALL: readonly Contract[] = loadContracts(path.resolve(import.meta.dirname, '../../..')).filter(
  ({ domain }) => domain === 'commerce',
);
/** Without optional inputs, of which a test of its own tells, and with one gold table of each kind. */
const contracts = ALL.filter(
  ({ table, layer }) =>
    !['campaign_spend', 'customers', 'fx_rates', 'page_views', 'products'].includes(table) &&
    (layer !== 'gold' || ['gold_dim_date', 'gold_fact_sales', 'gold_product_performance'].includes(table)),
).map((contract) => ({
  ...contract,
  inputs: contract.inputs.filter(({ optional }) => !optional),
}));

/** Before anything has happened: no table, nothing in the ledger, nothing published. */
export const NOTHING: PlanInput = {
  runId: 'commerce-20110104t100000-0badcafe',
  domain: 'commerce',
  createdAt: '2011-01-04T10:00:00Z',
  contracts,
  versions: {},
  unchangedSince: {},
  consumed: {},
  lastEventTimes: {},
  watermarks: {},
  slots: {},
  published: null,
  hold: null,
  replays: [],
  overrides: [],
  histories: [],
  buckets: { bronze: 'b', silver: 's', gold: 'g', ops: 'o' },
};

export const NOTHING_OF_ALL: PlanInput = { ...NOTHING, contracts: ALL };

export function planOf(input: PlanInput): Plan {
  const decision = planRun(input);
  if (!decision.hasWork) throw new Error(`nothing to do: ${decision.reasons.join('; ')}`);
  return decision.plan;
}

/** The world after a run of the plan that was stopped by no gate. */
export function afterRun(input: PlanInput, plan: Plan): PlanInput {
  const refined = plan.refine.map(({ table }) => table);
  const versions = {
    ...input.versions,
    ...Object.fromEntries(refined.map((id) => [id, (input.versions[id] ?? -1) + 1])),
  };
  const consumed = { ...input.consumed };
  const unchangedSince = refined.reduce(without, input.unchangedSince);
  const watermarks = { ...input.watermarks };
  for (const { table, source } of plan.refine) {
    consumed[table] = { ...consumed[table], [source.table]: source.toVersion };
    if (source.lastEventTime)
      watermarks[table] = { [source.table]: { time: source.lastEventTime, knownAt: plan.createdAt } };
  }
  const judged = new Set(plan.refine.flatMap(({ replays }) => replays));
  const replays = input.replays.filter(({ uri }) => !judged.has(uri));
  const after = { ...input, versions, unchangedSince, consumed, watermarks, replays };
  if (!plan.model) return after;
  const { slot, inputs, tables } = plan.model;
  for (const { id, missing } of inputs) if (missing) versions[id] = 0;
  const built = {
    inputs: Object.fromEntries(inputs.map(({ id }) => [id, versions[id] ?? -1])),
    tables: Object.fromEntries(tables.map(({ id, contractVersion, model = '' }) => [id, { contractVersion, model }])),
  };
  return { ...after, slots: { ...input.slots, [slot]: built }, published: slot };
}

/** New data in bronze. */
export const afterCommits = (input: PlanInput, commits: number): PlanInput => ({
  ...input,
  versions: { ...input.versions, [ORDERS]: (input.versions[ORDERS] ?? -1) + commits },
  unchangedSince: without(input.unchangedSince, ORDERS),
});

/** Commits that change no row, such as compaction, to any table. */
export const afterMaintenance = (input: PlanInput, table: string, commits: number): PlanInput => {
  const version = input.versions[table] ?? 0;
  return {
    ...input,
    versions: { ...input.versions, [table]: version + commits },
    unchangedSince: { [table]: version, ...input.unchangedSince },
  };
};

const without = (versions: Readonly<Record<string, number>>, table: string) =>
  Object.fromEntries(Object.entries(versions).filter(([id]) => id !== table));

const REFUSED: Pick<PlannedCheck, 'id' | 'name' | 'onFailure' | 'blockAbovePercent'> = {
  id: REFUSED_ROWS,
  name: 'refused_rows',
  onFailure: 'quarantine',
};

/** Results of a step in which each check of the plan passed over ten rows. */
export function soundResults(plan: Plan, step: StepResults['step']): StepResults {
  const planned =
    step === 'refine'
      ? plan.refine.map(({ table, target, checks, contractVersion }) => ({
          ...target,
          id: table,
          checks,
          contractVersion,
        }))
      : (plan.model?.tables ?? []);
  const tables = planned.map(
    ({ id, uri, contractVersion, checks }): TableResult => ({
      table: id,
      uri,
      contractVersion,
      inputs: [{ table: step === 'refine' ? ORDERS : LINES, fromVersion: 0, toVersion: 3 }],
      rowsIn: 10,
      rowsOut: 10,
      duplicates: 0,
      quarantined: 0,
      quarantineUri: null,
      entries: 0,
      judgedAgain: 0,
      replayed: 0,
      deltaVersion: 1,
      rowCount: 10,
      checks: [...checks, ...(step === 'refine' ? [REFUSED] : [])].map(
        ({ id: check, name, onFailure, blockAbovePercent = null }) => ({
          ...{ id: check, name, onFailure, blockAbovePercent },
          ...{ evaluated: 10, failed: 0, error: null, sample: [] },
        }),
      ),
    }),
  );
  const { runId } = plan;
  const times = { startedAt: '2011-01-04T10:01:00Z', endedAt: '2011-01-04T10:02:00Z' };
  return { version: 1, runId, step, ...times, bytesRead: 4096, tables };
}
