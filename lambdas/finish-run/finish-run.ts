import type { EndedRun } from '../../lib/evidence/document.ts';
import { describeRun } from '../../lib/lineage/describe-run.ts';
import type { Plan, StepResults } from '../../lib/plan/plan.ts';
import { handOver } from '../shared/hand-over.ts';
import type { Launcher } from '../shared/launch-run.ts';
import type { Lease, Ledger, Published, RunItem, TableState } from '../shared/ledger.ts';
import type { EventBus, EvidenceStore, JsonStore, LineageLog, MetricSink } from '../shared/ports.ts';
import { readPlan, readResults } from '../shared/run-documents.ts';
import { describeEnd, type EndedItem, type RunEnd } from './describe-end.ts';
import type { Ended } from './ended.ts';
import { measureRun, measureUnusual } from './measure-run.ts';
import { recordEvidence } from './record-evidence.ts';
import { recordHistories } from './record-histories.ts';

export interface Finisher {
  readonly launcher: Launcher;
  readonly documents: JsonStore;
  readonly evidence: EvidenceStore;
  readonly lineageLog: LineageLog;
  readonly bus: Pick<EventBus, 'runEnded'>;
  readonly metrics: MetricSink;
  readonly env: string;
  readonly opsBucket: string;
  /** A fresh id, for the run that may follow. */
  readonly nextRunId: (now: Date) => string;
}

export interface Finished {
  readonly runId: string;
  readonly outcome: RunItem['status'];
  /** The run that follows, since more arrived meanwhile. */
  readonly next: string | null;
}

/** Records how a run ended, gives its domain back and starts what waited. It may be called twice for a run. */
export async function finishRun(finisher: Finisher, domain: string, ended: Ended, now: Date): Promise<Finished> {
  const { ledger } = finisher.launcher;
  const lease = { domain, runId: ended.state.runId };
  const started = await ledger.run(domain, lease.runId);
  const { status: outcome } = started?.endedAt
    ? started
    : await record(finisher, lease, await gather(finisher, ended, started, now));
  const nextRunId = finisher.nextRunId(now);
  const next = await handOver(finisher.launcher, lease, { runId: nextRunId, at: now.toISOString() });
  return { runId: lease.runId, outcome, next };
}

async function gather({ documents }: Finisher, ended: Ended, started: RunItem | null, now: Date): Promise<RunEnd> {
  const planUri = ended.state.plan?.planUri;
  const plan = planUri ? await readPlan(documents, planUri) : null;
  const results = plan ? await readAllResults(documents, plan, ended) : [];
  return { ended, plan, results, started, now: now.toISOString() };
}

/** A job that did not succeed has left none, or those of an earlier attempt. */
async function readAllResults(documents: JsonStore, plan: Plan, { state }: Ended): Promise<StepResults[]> {
  const done = (['refine', 'model'] as const).filter((step) => state[step]);
  return Promise.all(done.map((step) => readResults(documents, plan, step)));
}

/** The ledger last: should anything before it fail, the run is not recorded yet, and all of this is done again. */
async function record(finisher: Finisher, { domain }: Lease, end: RunEnd): Promise<EndedItem> {
  const { ledger } = finisher.launcher;
  const run = describeEnd(end);
  if (end.plan) await writeLineage(finisher, end.plan, end.results, run);
  const evidence = await recordEvidence({ ...finisher, ledger }, await endedRun(finisher, domain, end, run));
  if (end.plan && run.status === 'succeeded') await recordHistories(ledger, end.plan, end.results);
  await tellReaders(finisher, domain, run);
  const isFirst = await ledger.endRun(domain, { ...run, evidence });
  if (isFirst) await measure(finisher, domain, end, run);
  return run;
}

async function measure({ launcher, metrics }: Finisher, domain: string, end: RunEnd, run: RunItem): Promise<void> {
  measureRun(metrics, run, await bronzeSeen(launcher.ledger, domain, end));
  if (end.plan) measureUnusual(metrics, end.plan, end.results);
}

/** Bronze tables whose rows consumers have come to see by the run: none while gold is held. */
async function bronzeSeen(ledger: Ledger, domain: string, { plan }: RunEnd): Promise<ReadonlyMap<string, TableState>> {
  if (await ledger.goldHold(domain)) return new Map();
  return ledger.tables([...new Set(plan?.refine.map(({ source }) => source.table))]);
}

async function endedRun({ launcher, env }: Finisher, domain: string, end: RunEnd, run: EndedItem): Promise<EndedRun> {
  const { runId, status, trigger, startedAt } = run;
  const published = await launcher.ledger.published(domain);
  return {
    ...{ env, domain, plan: end.plan, results: end.results },
    run: { runId, outcome: status, trigger, startedAt, endedAt: end.now },
    published: published?.runId === runId ? { slot: published.slot, tables: published.tables } : null,
  };
}

/** So many reasons tell enough, and an event has its limits. */
const MOST_REASONS = 20;

/** Who reads what this run was to bring up to date learns whether it did, or why they see what they saw before. */
async function tellReaders({ bus, launcher }: Finisher, domain: string, run: RunItem): Promise<void> {
  const { runId, status: outcome, endedAt = '', gates } = run;
  if (outcome === 'running' || outcome === 'nothing-to-do') return;
  const published = await launcher.ledger.published(domain);
  const reasons = gates.flatMap((gate) => gate.reasons).slice(0, MOST_REASONS);
  await bus.runEnded({ domain, runId, outcome, endedAt, reasons, published: published && seenOf(published) });
}

const seenOf = ({ runId, publishedAt, tables }: Published) => ({ runId, publishedAt, tables });

async function writeLineage(
  { documents, lineageLog, env, opsBucket }: Finisher,
  plan: Plan,
  results: readonly StepResults[],
  { endedAt = '', error }: RunItem,
): Promise<void> {
  const failure = error === undefined ? {} : { failure: { at: endedAt, message: error } };
  const events = describeRun({ env, plan, results, ...failure });
  for (const step of ['refine', 'model'] as const) {
    const ofStep = events.filter(({ job }) => job.name === `${plan.domain}.${step}`);
    const uri = `s3://${opsBucket}/lineage/${plan.domain}/${plan.runId}/${step}.json`;
    if (ofStep.length > 0) await documents.write(uri, ofStep);
  }
  if (events.length > 0) await lineageLog.write(plan.runId, events);
}
