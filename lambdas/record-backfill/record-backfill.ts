import { quarantineTableOf, type StagedBatch } from '../../lib/landing/staged-batch.ts';
import type { BackfillPlan } from '../../lib/plan/backfill-plan.ts';
import { readBackfillPlan, readInterval, readSettled, type Settled } from '../shared/backfill-documents.ts';
import { attemptOf, type Backfill, type BackfillLedger, isOver, isUnderWay } from '../shared/backfill-ledger.ts';
import { handOver } from '../shared/hand-over.ts';
import type { Launcher } from '../shared/launch-run.ts';
import { LostLeaseError } from '../shared/ledger.ts';
import type { BatchQueue, EndedBackfill, EventBus, FolderRemover, JsonStore, MetricSink } from '../shared/ports.ts';

export interface BackfillRecorder {
  readonly backfills: BackfillLedger;
  readonly launcher: Launcher;
  readonly documents: JsonStore;
  readonly queue: BatchQueue;
  readonly folders: FolderRemover;
  readonly bus: Pick<EventBus, 'backfillEnded'>;
  readonly metrics: MetricSink;
  readonly domain: string;
  /** After which the job that settles is over, one way or the other. */
  readonly settleMinutes: number;
  /** A fresh id, for the run that may follow. */
  readonly nextRunId: (now: Date) => string;
}

/** Whether the domain is taken, and how far silver has read bronze: what the job that settles has to catch up with. */
export interface Taken {
  readonly isTaken: boolean;
  readonly consumed: number;
}

/** Remembers that an interval is made, so that no attempt makes it again. */
export async function recordFilled(recorder: BackfillRecorder, execution: string, index: number): Promise<void> {
  const { backfill, plan } = await find(recorder, execution);
  const { events, rows, refused } = await readInterval(recorder.documents, plan, index);
  await recorder.backfills.recordFilled(recorder.domain, backfill.id, { index, events, rows, refused });
}

/** Takes the domain as a run does: two Spark drivers must not write the same table. It may be asked twice. */
export async function takeDomain(recorder: BackfillRecorder, execution: string, now: Date): Promise<Taken> {
  const { launcher, backfills, domain, settleMinutes } = recorder;
  const { backfill } = await find(recorder, execution);
  if (!isUnderWay(backfill)) throw new Error(`backfill '${backfill.id}' is ${backfill.status}; it settles nothing`);
  const lease = { domain, runId: backfill.id };
  const until = new Date(now.getTime() + settleMinutes * 60_000).toISOString();
  const isTaken =
    (await launcher.ledger.takeDomain(lease, { at: now.toISOString(), until })) ||
    (await launcher.ledger.domainState(domain)).activeRun === backfill.id;
  if (!isTaken) return { isTaken, consumed: -1 };
  if (backfill.status !== 'settling' && !(await backfills.change(backfill, { status: 'settling' }))) {
    await giveBack(recorder, backfill.id, now);
    throw new Error(`backfill '${backfill.id}' was stopped while it waited for its domain`);
  }
  const tables = await launcher.ledger.tables([backfill.table]);
  return { isTaken, consumed: tables.get(backfill.table)?.consumed?.[backfill.source] ?? -1 };
}

/** Records what the table has become, and starts a run where it changed: gold restates what differs. */
export async function finishBackfill(recorder: BackfillRecorder, execution: string, now: Date): Promise<Settled> {
  const { backfill, plan } = await find(recorder, execution);
  const settled = await readSettled(recorder.documents, plan);
  if (!isOver(backfill)) await record(recorder, backfill, plan, settled, now);
  await giveBack(recorder, backfill.id, now);
  return settled;
}

async function record(
  recorder: BackfillRecorder,
  backfill: Backfill,
  plan: BackfillPlan,
  settled: Settled,
  now: Date,
): Promise<void> {
  if (settled.outcome !== 'refused') await recordTable(recorder, backfill, settled);
  if (settled.outcome !== 'refused') await recorder.queue.send(quarantineBatches(backfill, plan, settled));
  await recorder.folders.remove(plan.shadow.uri);
  const [status, endedAt] = [settled.outcome === 'refused' ? 'refused' : 'succeeded', now.toISOString()] as const;
  await tell(recorder, backfill, { outcome: status, endedAt, reasons: settled.reasons });
  await recorder.backfills.change(backfill, {
    ...{ status, endedAt },
    ...(settled.comparison && { comparison: settled.comparison }),
    ...(settled.reasons.length > 0 && { error: settled.reasons.join('; ') }),
  });
}

/** Who wished it may be asleep: what did not succeed raises an alarm, whoever waits for it or not. */
async function tell(
  { bus, metrics }: BackfillRecorder,
  { id: backfillId, domain, kind, table }: Backfill,
  ended: Pick<EndedBackfill, 'outcome' | 'endedAt' | 'reasons'>,
): Promise<void> {
  if (ended.outcome !== 'succeeded') metrics.add('BackfillsFailed', 'Count', 1);
  await bus.backfillEnded({ backfillId, domain, kind, table, ...ended });
}

/** A job that died between its commit and its word finds nothing to change when it is done again: the version tells. */
async function recordTable({ launcher, domain }: BackfillRecorder, { id, table }: Backfill, settled: Settled) {
  const { ledger } = launcher;
  const state = (await ledger.tables([table])).get(table);
  const { versionAfter: version, rowCount: rows } = settled;
  if (version === null || version === state?.version) return;
  const lease = { domain, runId: id };
  await ledger.recordTables(lease, new Map([[table, { ...state, version, rows }]]));
  if (!(await ledger.markDirty(domain))) throw new LostLeaseError(lease);
}

/** The events behind these rows are accounted for in bronze, so they count as none. */
const quarantineBatches = ({ id, domain }: Backfill, { task }: BackfillPlan, { quarantine }: Settled): StagedBatch[] =>
  quarantine
    .filter(({ rows }) => rows > 0)
    .map(({ uri, rows }, index) => ({
      ...{ version: 1, table: quarantineTableOf(domain), staged: `${uri.replace(/\/$/, '')}/`, rows, events: 0 },
      ...{ contractVersion: task.contractVersion, ordered: false, positions: [] },
      txn: { appId: `backfill:${id}:${index}`, version: 1 },
    }));

/** Records an attempt that broke, unless somebody stopped it, and gives the domain back. It may be called twice. */
export async function failBackfill(
  recorder: BackfillRecorder,
  execution: string,
  error: string,
  now: Date,
): Promise<Backfill['status']> {
  const { backfills, domain, folders } = recorder;
  const { id, attempt } = attemptOf(execution);
  const backfill = await backfills.backfill(domain, id);
  if (!backfill) throw new Error(`backfill '${id}' is not in the ledger`);
  const isOfThis = backfill.attempt === attempt;
  const hasFailed = isOfThis && isUnderWay(backfill) && (await backfills.change(backfill, { status: 'failed', error }));
  // Jobs that were cancelled may have written after the folder was taken away.
  if (isOver(backfill)) await folders.remove((await readBackfillPlan(recorder.documents, backfill.planUri)).shadow.uri);
  if (isOfThis) await giveBack(recorder, id, now);
  if (hasFailed) await tell(recorder, backfill, { outcome: 'failed', endedAt: now.toISOString(), reasons: [] });
  return hasFailed ? 'failed' : backfill.status;
}

const giveBack = ({ launcher, domain, nextRunId }: BackfillRecorder, runId: string, now: Date) =>
  handOver(launcher, { domain, runId }, { runId: nextRunId(now), at: now.toISOString() });

/** The attempt that the execution is of; one that another has followed must record nothing. */
async function find(
  { backfills, documents, domain }: BackfillRecorder,
  execution: string,
): Promise<{ readonly backfill: Backfill; readonly plan: BackfillPlan }> {
  const { id, attempt } = attemptOf(execution);
  const backfill = await backfills.backfill(domain, id);
  if (backfill?.attempt !== attempt)
    throw new Error(`'${execution}' is no current attempt at a backfill of '${domain}'`);
  return { backfill, plan: await readBackfillPlan(documents, backfill.planUri) };
}
