import type { BackfillPlan, TimeRange } from '../../lib/plan/backfill-plan.ts';
import { type BackfillWish, planBackfill } from '../../lib/plan/plan-backfill.ts';
import type { Refusal } from '../../lib/publish/decide-rollback.ts';
import { readBackfillPlan } from '../shared/backfill-documents.ts';
import { type Backfill, type BackfillLedger, executionOf, isUnderWay } from '../shared/backfill-ledger.ts';
import type { Executions, FolderRemover, JsonStore } from '../shared/ports.ts';
import { type Known, readKnown } from '../shared/read-known.ts';

export interface Steering {
  readonly backfills: BackfillLedger;
  readonly known: Known;
  readonly documents: JsonStore;
  readonly executions: Executions<BackfillInput>;
  readonly folders: FolderRemover;
  readonly domain: string;
  /** As many as the environment lets run beside each other. */
  readonly intervalsAtOnce: number;
}

/** The input of the state machine of backfills. */
export interface BackfillInput {
  /** Of this attempt; also the name of its execution. */
  readonly runId: string;
  readonly backfillId: string;
  readonly planUri: string;
  readonly concurrency: number;
  /** Numbers of the intervals that are not made yet. */
  readonly fill: readonly number[];
}

export interface StartWish extends BackfillWish, Pick<Backfill, 'kind' | 'reason' | 'by'> {
  readonly concurrency?: number | undefined;
  /** Nothing is written or started. */
  readonly dryRun: boolean;
}

/** What is known of this call. */
export interface Call {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly now: string;
}

/** What would be done. */
export interface Planned extends TimeRange {
  readonly type: 'Planned';
  readonly table: string;
  readonly source: string;
  readonly intervals: BackfillPlan['intervals'];
  readonly concurrency: number;
}

export interface Steered {
  readonly type: 'Steered';
  readonly backfill: Backfill;
}

/** Plans a backfill, and starts it unless it was only to be looked at. */
export async function startBackfill(
  steering: Steering,
  wish: StartWish,
  { id, now }: Call,
): Promise<Planned | Steered | Refusal> {
  const { domain, known, intervalsAtOnce } = steering;
  const { concurrency = intervalsAtOnce } = wish;
  if (concurrency > intervalsAtOnce)
    return refuse(`concurrency: found ${concurrency}; allowed is up to ${intervalsAtOnce} in this environment`);
  const holder = await steering.backfills.holderOf(domain, wish.table);
  if (holder !== null) return isHeld(wish.table, holder);
  const plan = planBackfill({ ...(await readKnown(known, domain, now)), runId: id, domain, createdAt: now }, wish);
  if ('reason' in plan) return plan;
  return wish.dryRun ? planned(plan, concurrency) : begin(steering, plan, backfillOf(plan, wish, concurrency));
}

const refuse = (reason: string): Refusal => ({ type: 'Refused', reason });

const isHeld = (table: string, holder: string): Refusal =>
  refuse(`${table} has a backfill that is not over: '${holder}'; wait for it, resume it, or cancel it`);

const planned = ({ task, from, to, intervals }: BackfillPlan, concurrency: number): Planned => ({
  ...{ type: 'Planned', table: task.table, source: task.source.table, from, to, intervals, concurrency },
});

const backfillOf = (plan: BackfillPlan, { kind, reason, by }: StartWish, concurrency: number): Backfill => ({
  ...{ type: 'backfill', v: 1, id: plan.backfillId, domain: plan.domain, kind, reason, by },
  ...{ table: plan.task.table, source: plan.task.source.table, from: plan.from, to: plan.to },
  ...{ status: 'running', attempt: 1, concurrency, intervals: plan.intervals },
  ...{ planUri: `${plan.folder}/plan.json`, createdAt: plan.createdAt },
});

async function begin(steering: Steering, plan: BackfillPlan, backfill: Backfill): Promise<Steered | Refusal> {
  await steering.documents.write(backfill.planUri, plan);
  if (!(await steering.backfills.begin(backfill))) return isHeld(backfill.table, 'one that has just started');
  return execute(steering, backfill);
}

/** Starts an attempt at what is not made yet. */
async function execute({ backfills, executions, domain }: Steering, backfill: Backfill): Promise<Steered> {
  const { id: backfillId, planUri, concurrency, intervals } = backfill;
  const made = new Set((await backfills.filled(domain, backfillId)).map(({ index }) => index));
  const fill = intervals.map(({ index }) => index).filter((index) => !made.has(index));
  try {
    await executions.start({ runId: executionOf(backfill), backfillId, planUri, concurrency, fill });
  } catch (cause) {
    await backfills.change(backfill, { status: 'failed', error: 'its execution could not be started' });
    throw new Error(`backfill '${backfillId}': its execution could not be started; resume it`, { cause });
  }
  return { type: 'Steered', backfill };
}

/** Goes on with what a pause or a failure has left to do. */
export async function resumeBackfill(steering: Steering, id: string): Promise<Steered | Refusal> {
  const backfill = await steering.backfills.backfill(steering.domain, id);
  if (!backfill) return unknown(id);
  const { status, attempt } = backfill;
  const isResumable = status === 'paused' || status === 'failed' || (await isLost(steering, backfill));
  if (!isResumable) return refuse(`backfill '${id}' is ${status}; one that is paused or failed can be resumed`);
  const change = { status: 'running', attempt: attempt + 1, error: undefined } as const;
  if (!(await steering.backfills.change(backfill, change))) return isElsewhere(id);
  return execute(steering, { ...backfill, ...change });
}

/** An execution that was killed may not have been able to say so. */
const isLost = async ({ executions }: Steering, backfill: Backfill): Promise<boolean> =>
  isUnderWay(backfill) && !(await executions.isRunning(executionOf(backfill)));

/** Stops its jobs; what they have made stays, and nothing of it is in the table yet. */
export async function pauseBackfill(steering: Steering, id: string): Promise<Steered | Refusal> {
  const backfill = await steering.backfills.backfill(steering.domain, id);
  if (!backfill) return unknown(id);
  if (backfill.status !== 'running')
    return refuse(`backfill '${id}' is ${backfill.status}; one that is running can be paused`);
  if (!(await steering.backfills.change(backfill, { status: 'paused' }))) return isElsewhere(id);
  await stop(steering, backfill, 'it was paused');
  return { type: 'Steered', backfill: { ...backfill, status: 'paused' } };
}

/** Ends it for good, and takes away what it has made. */
export async function cancelBackfill(steering: Steering, id: string, now: string): Promise<Steered | Refusal> {
  const { backfills, documents, domain, folders } = steering;
  const backfill = await backfills.backfill(domain, id);
  if (!backfill) return unknown(id);
  const { status } = backfill;
  if (!['running', 'paused', 'failed'].includes(status))
    return refuse(`backfill '${id}' is ${status}; one that is running, paused or failed can be cancelled`);
  const change = { status: 'cancelled', endedAt: now } as const;
  if (!(await backfills.change(backfill, change))) return isElsewhere(id);
  await stop(steering, backfill, 'it was cancelled');
  await folders.remove((await readBackfillPlan(documents, backfill.planUri)).shadow.uri);
  return { type: 'Steered', backfill: { ...backfill, ...change } };
}

async function stop({ executions }: Steering, backfill: Backfill, cause: string): Promise<void> {
  const execution = executionOf(backfill);
  if (await executions.isRunning(execution)) await executions.stop(execution, cause);
}

const unknown = (id: string): Refusal =>
  refuse(`backfill '${id}' is unknown; list them with \`sluice backfill status\``);
const isElsewhere = (id: string): Refusal =>
  refuse(`backfill '${id}' went on meanwhile; see \`sluice backfill status ${id}\``);
