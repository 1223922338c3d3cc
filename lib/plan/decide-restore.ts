import { tableId } from '../contract/contract.ts';
import type { Refusal } from '../publish/decide-rollback.ts';
import { lookUp } from './look-up.ts';
import type { TableResult } from './plan.ts';
import type { PlanInput } from './plan-run.ts';
import { wrongTable } from './wrong-table.ts';

/** A version of a silver table that a person wishes to have back. */
export interface RestoreWish {
  /** `<domain>.silver.<table>` */
  readonly table: string;
  readonly version: number;
}

/** A run that refined the table, whatever it did later. */
export interface Refined {
  readonly runId: string;
  /** ISO 8601, UTC. */
  readonly endedAt: string;
  readonly result: Pick<TableResult, 'contractVersion' | 'inputs' | 'replayed' | 'deltaVersion' | 'rowCount'>;
}

/** A backfill that changed rows of the table. */
export interface Repaired {
  readonly id: string;
  readonly endedAt: string;
}

/** The table as a run left it, and what is to be refined again on top of that. */
export interface Restore {
  readonly type: 'Restore';
  readonly table: string;
  readonly version: number;
  /** Whose it is. */
  readonly runId: string;
  readonly endedAt: string;
  readonly rows: number;
  /** By bronze table, the version that was merged then. */
  readonly consumed: Readonly<Record<string, number>>;
  /** By bronze table, the version of now. */
  readonly upTo: Readonly<Record<string, number>>;
}

/**
 * Whether a version can be made right by refining what came after it. It must be one that a run left, since only of
 * those it is known what they have read; and nothing may have changed rows since that no run would do again.
 * @param refined newest first
 */
export function decideRestore(
  input: PlanInput,
  { table, version }: RestoreWish,
  refined: readonly Refined[],
  repaired: readonly Repaired[],
): Restore | Refusal {
  const contract = lookUp(input).contracts.get(table);
  const wrong = contract ? wrongTable(input, contract) : `table '${table}' is unknown in '${input.domain}'`;
  if (!contract || wrong !== null) return refuse(wrong ?? '');
  const place = refined.findIndex(({ result }) => result.deltaVersion === version);
  const found = refined[place];
  if (!found) return refuse(`${table} has no version ${version} that a run left; ${choice(refined)}`);
  const { runId, endedAt, result } = found;
  if (result.contractVersion !== contract.version)
    return refuse(
      `version ${version} of ${table} was made by contract ${result.contractVersion}, and ${contract.version} is deployed: rows of then may not be as it asks; ${ALL}`,
    );
  const lost = whatIsLost(refined.slice(0, place), repaired, found);
  if (lost !== undefined) return refuse(`after version ${version} of ${table} ${lost}, which would be lost; ${ALL}`);
  const consumed = Object.fromEntries(result.inputs.map((each) => [each.table, each.toVersion]));
  const upTo = Object.fromEntries(Object.keys(consumed).map((id) => [id, input.versions[id] ?? -1]));
  return { type: 'Restore', table: tableId(contract), version, runId, endedAt, rows: result.rowCount, consumed, upTo };
}

const ALL = '`sluice rebuild` without a version makes all of it again';

const refuse = (reason: string): Refusal => ({ type: 'Refused', reason });

/** As many as a person wants to choose from. */
export const CHOICE = 5;

function choice(refined: readonly Refined[]): string {
  const versions = new Map([...refined].reverse().map(({ result, runId }) => [result.deltaVersion, runId]));
  const newest = [...versions].reverse().slice(0, CHOICE);
  return newest.length > 0
    ? `the newest that runs left: ${newest.map(([version, runId]) => `${version} (${runId})`).join(', ')}`
    : 'no run that is remembered has refined it';
}

/** Rows of before that were let in later by a person, and what a backfill repaired: no run does either again. */
function whatIsLost(later: readonly Refined[], repaired: readonly Repaired[], { endedAt }: Refined) {
  const replay = later.find(({ result }) => result.replayed > 0);
  if (replay) return `run '${replay.runId}' let in rows that a person had judged again`;
  const repair = repaired.find((each) => each.endedAt > endedAt);
  return repair && `backfill '${repair.id}' changed rows`;
}
