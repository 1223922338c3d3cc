import { type Contract, databaseOf, tableId } from '../contract/contract.ts';
import { goldCauses, isFixed, isOfOtherMajor } from './gold-causes.ts';
import { lookUp } from './look-up.ts';
import type { ModelInput, ModelTable, ModelTask, RefineTask, Slot } from './plan.ts';
import type { PlanInput, SlotState } from './plan-run.ts';
import { checksOf, type Place, tableRef, tablesRead } from './plan-tables.ts';

/** Before the first publishing, the catalogue points consumers to this slot, which is empty. */
export const FIRST_VISIBLE_SLOT: Slot = 'blue';

/** Gold is built in the slot that consumers do not see, when there is a cause; null when there is none. */
export function modelTask(input: PlanInput, refine: readonly RefineTask[]): ModelTask | null {
  if (input.hold) return null;
  const refined = new Set(refine.map(({ table }) => table));
  const tables = buildable(input, refined);
  // Nobody joins a calendar with nothing: it is built with the first table that has its inputs.
  if (tables.gold.every(isFixed)) return null;
  if (goldCauses(input, refined, tables.silver.map(tableId), tables.gold).length === 0) return null;
  const slot = hiddenSlot(input);
  const state = input.slots[slot];
  const isOutdated = tables.gold.some((contract) => isOfOtherMajor(state, contract));
  return { slot, ...taskIn(placeOf(input, slot), input, tables, isOutdated ? undefined : state) };
}

/** All of gold, made of all of silver in a place of its own, whatever consumers see. */
export const wholeModel = (input: PlanInput, place: Place): Omit<ModelTask, 'slot'> =>
  taskIn(place, input, buildable(input, new Set()), undefined);

interface Tables {
  readonly gold: readonly Contract[];
  /** What the gold tables are made of, also of other domains. */
  readonly silver: readonly Contract[];
  /** Whether a table of silver is there, or will be before gold is built. */
  readonly exists: (table: string) => boolean;
}

/** The tables of gold whose inputs are there. */
function buildable(input: PlanInput, refined: ReadonlySet<string>): Tables {
  const exists = (table: string) => refined.has(table) || input.versions[table] !== undefined;
  const { layers, upstream } = lookUp(input);
  const gold = layers.gold.filter(({ inputs }) => inputs.every(({ table, optional }) => optional || exists(table)));
  const read = tablesReadBy(gold);
  const silver = [...layers.silver, ...upstream].filter((contract) => read.has(tableId(contract)));
  return { gold, silver, exists };
}

function taskIn(
  place: Place,
  input: PlanInput,
  { gold, silver, exists }: Tables,
  state: SlotState | undefined,
): Omit<ModelTask, 'slot'> {
  const inputs = silver.map((contract) => ({
    ...modelInput(input, contract, state),
    missing: exists(tableId(contract)) ? null : contract.columns,
  }));
  return { ...place, inputs, tables: gold.map((contract) => modelTable(input, contract, place)) };
}

const hiddenSlot = ({ published }: PlanInput): Slot =>
  (published ?? FIRST_VISIBLE_SLOT) === 'blue' ? 'green' : 'blue';

const placeOf = ({ domain, buckets }: PlanInput, slot: Slot): Place => ({
  database: `${domain}_gold_${slot}`,
  locationRoot: `s3://${buckets.gold}/${domain}/${slot}`,
});

/** Ids of all inputs. */
export const tablesReadBy = (contracts: readonly Contract[]): ReadonlySet<string> =>
  new Set(contracts.flatMap(({ inputs }) => inputs.map(({ table }) => table)));

/** A slot that was built from a version that silver does not have any more is built in full. */
function modelInput(input: PlanInput, contract: Contract, slot: SlotState | undefined): Omit<ModelInput, 'missing'> {
  const id = tableId(contract);
  const builtFrom = slot?.inputs[id];
  const isKnown = builtFrom !== undefined && builtFrom <= (input.versions[id] ?? -1);
  const source = contract.domain === input.domain ? 'silver' : databaseOf(contract);
  return { ...tableRef(input, contract), source, builtFromVersion: isKnown ? builtFrom : null };
}

const modelTable = (input: PlanInput, contract: Contract, place: Place): ModelTable => ({
  ...tableRef(input, contract, place),
  contractVersion: contract.version,
  ...(contract.model && { model: contract.model }),
  columns: contract.columns,
  checks: checksOf(input, contract),
  reads: tablesRead(input, contract, place),
});
