import { type Contract, tableId } from '../contract/contract.ts';
import { isValidity } from '../contract/history.ts';
import type { Decision, GoldHold } from '../publish/publication.ts';
import { changesOf, historyOf } from './changes.ts';
import { holdsAll } from './gold-causes.ts';
import type { History } from './history.ts';
import { aheadOf, lateOf, type Watermark } from './lateness.ts';
import { lookUp } from './look-up.ts';
import { type Override, withoutLimit } from './override.ts';
import type { Plan, RefineTask, Slot } from './plan.ts';
import { modelTask, tablesReadBy } from './plan-model.ts';
import { checksOf, overrideOf, tableRef, tablesRead } from './plan-tables.ts';
import type { Replay } from './replay.ts';
import { REFUSED_ROWS, rowLimitOf } from './row-limit.ts';

/** What is known before a run starts. */
export interface PlanInput {
  readonly runId: string;
  readonly domain: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  /** All contracts of the domain, and those of the tables of other domains that its gold is made of. */
  readonly contracts: readonly Contract[];
  /** Latest Delta version by table id; a table that does not exist yet is left out. */
  readonly versions: Readonly<Record<string, number>>;
  /** Tables whose newest commits changed no row, as compaction does: the version that last did. */
  readonly unchangedSince: Readonly<Record<string, number>>;
  /** By silver table id: the last version of each bronze table that it holds. */
  readonly consumed: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** By bronze table id: the latest event time that it holds, where that is known. */
  readonly lastEventTimes: Readonly<Record<string, string>>;
  /** By silver table id: how far each bronze table had come when the last run that merged it was planned. */
  readonly watermarks: Readonly<Record<string, Readonly<Record<string, Watermark>>>>;
  /** What each slot was last built from; a slot that was never built is left out. */
  readonly slots: Readonly<Partial<Record<Slot, SlotState>>>;
  /** The slot that consumers see; null before anything was published. */
  readonly published: Slot | null;
  /** While it stands no gold is built. */
  readonly hold: GoldHold | null;
  /** Refused rows that wait to be judged again. */
  readonly replays: readonly Replay[];
  /** All that were ever given for the domain. */
  readonly overrides: readonly Override[];
  /** What earlier runs measured, for the rules that are judged by it, in the seasons of `createdAt`. */
  readonly histories: readonly History[];
  readonly buckets: Buckets;
}

export interface SlotState {
  /** By silver table id: the Delta version that the slot's tables were built from. */
  readonly inputs: Readonly<Record<string, number>>;
  /** Gold tables in the slot, by table id, with the contract and the model by which each was built, if that is known. */
  readonly tables: Readonly<Record<string, { readonly contractVersion?: string; readonly model?: string }>>;
  /** Nothing of it counts, since a person wishes that it is built in full. */
  readonly rebuild?: Decision;
}

export interface Buckets {
  readonly bronze: string;
  readonly silver: string;
  readonly gold: string;
  readonly ops: string;
}

export type PlanDecision =
  | { readonly hasWork: true; readonly plan: Plan }
  | { readonly hasWork: false; readonly reasons: readonly string[] };

/**
 * What a run has to do: refine the bronze versions that silver does not hold yet, and rebuild gold where consumers
 * cannot see it when what they see lags behind silver. The same input gives the same plan.
 */
export function planRun(input: PlanInput): PlanDecision {
  const refine = refineTasks(input);
  const model = modelTask(input, refine);
  if (refine.length === 0 && !model) return { hasWork: false, reasons: idleReasons(input) };
  const { runId, domain, createdAt } = input;
  const folder = runFolder(input);
  const results = { refine: `${folder}/refine.json`, model: `${folder}/model.json` };
  return { hasWork: true, plan: { version: 1, runId, domain, createdAt, refine, model, results } };
}

const runFolder = ({ buckets, domain, runId }: PlanInput): string => `s3://${buckets.ops}/runs/${domain}/${runId}`;

function refineTasks(input: PlanInput): RefineTask[] {
  const { contracts, layers } = lookUp(input);
  return layers.silver.flatMap((contract) =>
    contract.inputs.flatMap(({ table, explode }) => {
      const source = contracts.get(table);
      const range = source && rangeOf(input, tableId(contract), table);
      return source && range ? [refineTask(input, contract, source, range, explode ?? null)] : [];
    }),
  );
}

type Range = Pick<RefineTask['source'], 'fromVersion' | 'toVersion'>;

/** What is unread, or nothing of it where rows wait to be judged again. */
function rangeOf(input: PlanInput, silver: string, bronze: string): Range | undefined {
  const range = unreadVersions(input, silver, bronze);
  const last = input.consumed[silver]?.[bronze];
  if (range || last === undefined || replaysOf(input, silver).length === 0) return range;
  return { fromVersion: last + 1, toVersion: last };
}

const replaysOf = (input: PlanInput, silver: string): string[] =>
  (lookUp(input).replays.get(silver) ?? []).map(({ uri }) => uri);

/** A ledger that is ahead of the table means that the table was made anew: then all of it is unread. */
function unreadVersions(input: PlanInput, silver: string, bronze: string): Range | undefined {
  const toVersion = input.versions[bronze];
  if (toVersion === undefined) return undefined;
  const last = input.consumed[silver]?.[bronze] ?? -1;
  if (holdsAll(input, bronze, last)) return undefined;
  return { fromVersion: last > toVersion ? 0 : last + 1, toVersion };
}

function refineTask(
  input: PlanInput,
  contract: Contract,
  source: Contract,
  range: Range,
  explode: string | null,
): RefineTask {
  const { buckets } = input;
  const [firstKey = ''] = source.write.keys;
  return {
    table: tableId(contract),
    contractVersion: contract.version,
    source: {
      table: tableId(source),
      uri: `s3://${buckets.bronze}/${source.domain}/${source.table}`,
      ...range,
      lastEventTime: input.lastEventTimes[tableId(source)] ?? null,
      explode,
      key: source.ingest?.key ?? firstKey,
    },
    target: tableRef(input, contract),
    columns: contract.columns.filter(({ name }) => !isValidity(contract, name)),
    keys: contract.write.keys.filter((name) => !isValidity(contract, name)),
    // All of a table that was made anew is read again, and was merged in its time.
    late: range.fromVersion === 0 ? null : lateOf(contract, input.watermarks[tableId(contract)]?.[tableId(source)]),
    ahead: aheadOf(contract, input.createdAt),
    checks: checksOf(input, contract),
    limit: withoutLimit(rowLimitOf(contract), overrideOf(input, contract, REFUSED_ROWS)),
    quarantineUri: `${runFolder(input)}/quarantine/${tableId(contract)}`,
    reads: tablesRead(input, contract),
    replays: replaysOf(input, tableId(contract)),
    changes: changesOf(contract, buckets.silver),
    history: historyOf(contract, buckets.silver),
  };
}

/** Why there is nothing to do, for the person who wonders. */
function idleReasons(input: PlanInput): string[] {
  const { layers, upstream } = lookUp(input);
  const own = [...tablesReadBy(layers.silver)].sort().map((table) => {
    const version = input.versions[table];
    if (version === undefined) return `${table}: nothing has landed yet`;
    return `${table}: version ${version} is in silver${input.hold ? ', and gold is held' : ' and gold'}`;
  });
  return [...own, ...upstream.map((contract) => idleReason(input, tableId(contract)))];
}

function idleReason({ versions, hold }: PlanInput, table: string): string {
  const version = versions[table];
  if (version === undefined) return `${table}: its domain has not made it yet`;
  return `${table}: ${hold ? 'gold is held' : `version ${version} is in gold`}`;
}
