import { type Contract, tableId } from '../contract/contract.ts';
import type { PlanInput, SlotState } from './plan-run.ts';

/** Why gold has to be built. */
export interface GoldCause {
  /** The silver table that is ahead, or the gold table that is missing or outdated. */
  readonly table: string;
  readonly reason: string;
}

/**
 * Gold is due when the slot that consumers see lacks a table or lags behind silver, or holds another major version of
 * one. The other slot may lag further: it is brought up to date the next time it is built.
 * @param refined silver tables that the run itself changes
 */
export function goldCauses(
  input: PlanInput,
  refined: ReadonlySet<string>,
  silver: readonly string[],
  gold: readonly Contract[],
): GoldCause[] {
  const seen = input.published ? input.slots[input.published] : undefined;
  return [
    ...silver.flatMap((table) => causeInSilver(input, refined, table, seen)),
    ...gold.flatMap((contract) => causeInGold(contract, seen)),
  ];
}

function causeInSilver(
  input: PlanInput,
  refined: ReadonlySet<string>,
  table: string,
  seen: SlotState | undefined,
): GoldCause[] {
  if (refined.has(table)) return [{ table, reason: `${table} is refined before` }];
  const from = seen?.inputs[table];
  if (holdsAll(input, table, from ?? -1)) return [];
  const built = from === undefined ? 'not from it' : `from version ${from}`;
  return [{ table, reason: `${table} is at version ${input.versions[table]}, what consumers see was built ${built}` }];
}

function causeInGold(contract: Contract, seen: SlotState | undefined): GoldCause[] {
  const table = tableId(contract);
  if (seen?.rebuild) return [{ table, reason: `a rebuild is due, by ${seen.rebuild.by}: ${seen.rebuild.reason}` }];
  if (seen?.tables[table] === undefined) return [{ table, reason: 'consumers do not see it yet' }];
  const { contractVersion: built, model } = seen.tables[table];
  if (model && contract.model && model !== contract.model)
    return [{ table, reason: 'its model has another text than the one that made what consumers see' }];
  if (!isOfOtherMajor(seen, contract) && !(isFixed(contract) && built !== contract.version)) return [];
  return [{ table, reason: `its contract is at version ${contract.version}, what consumers see is of ${built}` }];
}

/** What a new major version says of a column may hold for no older row, even where its name and type are the same. */
export function isOfOtherMajor(slot: SlotState | undefined, contract: Contract): boolean {
  const built = slot?.tables[tableId(contract)]?.contractVersion;
  return built !== undefined && majorOf(built) !== majorOf(contract.version);
}

const majorOf = (version: string): string | undefined => version.split('.')[0];

/** Made of no input, so only a change of its contract or model changes it. */
export const isFixed = ({ inputs }: Contract): boolean => inputs.length === 0;

/** Whether a reader of these versions has all rows: what was committed after them, if anything, changed none. */
export function holdsAll(
  { versions, unchangedSince }: Pick<PlanInput, 'versions' | 'unchangedSince'>,
  table: string,
  last: number,
): boolean {
  const latest = versions[table] ?? -1;
  return last <= latest && last >= (unchangedSince[table] ?? latest);
}
