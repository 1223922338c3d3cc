import { quarantineTableOf, type StagedBatch } from '../../lib/landing/staged-batch.ts';
import { decideGate, type GateDecision } from '../../lib/plan/decide-gate.ts';
import type { Watermark } from '../../lib/plan/lateness.ts';
import type { ModelTask, Plan, StepResults, TableResult } from '../../lib/plan/plan.ts';
import { plannedTables } from '../../lib/plan/planned-tables.ts';
import { builtTables } from '../../lib/publish/built-tables.ts';
import type { Ledger, SlotState, TableState } from '../shared/ledger.ts';
import type { BatchQueue, JsonStore } from '../shared/ports.ts';
import { readPlan, readResults } from '../shared/run-documents.ts';

export interface Gate {
  readonly ledger: Ledger;
  readonly documents: JsonStore;
  readonly queue: BatchQueue;
}

export type Step = StepResults['step'];

/** Judges a step by its checks, and records what it made so that the next run goes on from there. */
export async function evaluateGate(gate: Gate, step: Step, planUri: string): Promise<GateDecision> {
  const plan = await readPlan(gate.documents, planUri);
  const results = await readResults(gate.documents, plan, step);
  const decision = decideGate(results, plan);
  if (step === 'model') await recordSlot(gate, plan, results);
  else if (decision.outcome !== 'blocked') await recordSilver(gate, plan, results);
  return decision;
}

/** A blocked silver stays unrecorded: its input is read and judged again, by the contract as it is then. */
async function recordSilver({ ledger, queue }: Gate, plan: Plan, { tables }: StepResults): Promise<void> {
  await queue.send(quarantineBatches(plan, tables));
  const known = await ledger.tables(tables.map(({ table }) => table));
  const states = tables.map((result) => [result.table, silverState(plan, result, known.get(result.table))] as const);
  await ledger.recordTables(plan, new Map(states));
  // Last: what is judged once more gives the same entries, and what is forgotten too soon would never be judged.
  await ledger.forgetReplays(
    plan.domain,
    plan.refine.flatMap(({ replays }) => replays),
  );
}

const silverState = (plan: Plan, result: TableResult, known: TableState | undefined): TableState => ({
  version: result.deltaVersion,
  rows: result.rowCount,
  consumed: {
    ...known?.consumed,
    ...Object.fromEntries(result.inputs.map(({ table, toVersion }) => [table, toVersion])),
  },
  watermarks: { ...known?.watermarks, ...watermarksOf(plan, result) },
  ...(known?.restored && { restored: known.restored }),
});

/** As of the planning, not of now: what lands while a run is under way must not be late behind what it has not seen. */
const watermarksOf = ({ refine, createdAt }: Plan, { table }: TableResult): Record<string, Watermark> =>
  Object.fromEntries(
    refine.flatMap((task) => {
      const { table: source, lastEventTime } = task.source;
      if (task.table !== table || !lastEventTime) return [];
      return [[source, { time: lastEventTime, knownAt: createdAt }]];
    }),
  );

/** The events behind these rows are accounted for in bronze, so they count as none. */
export function quarantineBatches(plan: Plan, tables: readonly TableResult[]): StagedBatch[] {
  return tables.flatMap(({ table, entries, quarantineUri, inputs, contractVersion }) => {
    if (!quarantineUri || entries === 0) return [];
    const version = Math.max(...inputs.map(({ toVersion }) => toVersion));
    return [
      {
        version: 1,
        table: quarantineTableOf(plan.domain),
        staged: quarantineUri.endsWith('.parquet') ? quarantineUri : `${quarantineUri.replace(/\/$/, '')}/`,
        rows: entries,
        events: 0,
        contractVersion,
        ordered: false,
        positions: [],
        txn: { appId: `refine:${table}`, version },
      },
    ];
  });
}

/** Recorded even when blocked: nobody sees the slot, and the next run goes on from what it holds. */
async function recordSlot({ ledger }: Gate, plan: Plan, results: StepResults): Promise<void> {
  const isWhole = plannedTables('model', plan).every(({ id }) => results.tables.some(({ table }) => table === id));
  if (plan.model && isWhole) await ledger.recordSlot(plan, plan.model.slot, slotState(plan.model, results));
}

/** A table that was built from an older version than its sisters sets the pace: what is read twice does no harm. */
function slotState(task: ModelTask, { tables }: StepResults): SlotState {
  const inputs: Record<string, number> = {};
  for (const { table, toVersion } of tables.flatMap((result) => result.inputs)) {
    inputs[table] = Math.min(toVersion, inputs[table] ?? toVersion);
  }
  return { inputs, tables: builtTables(task, tables) };
}
