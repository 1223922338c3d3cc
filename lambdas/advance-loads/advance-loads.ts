import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import { endFile, hourOf } from '../shared/end-file.ts';
import type { FileItem, FileLedger, LandedFiles } from '../shared/file-ports.ts';
import { placeOf } from '../shared/file-shard.ts';
import { type LoadResults, loadUri, readLoadPlan, readLoadResults } from '../shared/load-documents.ts';
import type { Load, LoadJobs, LoadLedger } from '../shared/load-ports.ts';
import type { BatchQueue, JsonStore, MetricSink } from '../shared/ports.ts';
import { decideLoads, type WatchedLoad } from './decide-loads.ts';

export interface LoadAdvancer {
  readonly domain: string;
  readonly landingBucket: string;
  readonly atOnce: number;
  readonly loads: LoadLedger;
  readonly ledger: Pick<FileLedger, 'find' | 'split' | 'endPart' | 'end'>;
  readonly files: LandedFiles;
  readonly jobs: LoadJobs;
  readonly documents: JsonStore;
  readonly queue: BatchQueue;
  readonly metrics: MetricSink;
}

export interface Advanced {
  readonly finished: number;
  readonly failed: number;
  readonly started: number;
  readonly running: number;
  readonly waiting: number;
}

/**
 * Takes every load of a domain as far as it can go now: whoever calls, and how often, changes nothing, so a lost event
 * costs the time until the next call. `requested` is the load whose plan has just been written.
 */
export async function advanceLoads(advancer: LoadAdvancer, requested: string | null, now: Date): Promise<Advanced> {
  const at = now.toISOString();
  if (requested !== null) await advancer.loads.request(requested, at);
  const active = await advancer.loads.active();
  tellAge(advancer, active, now);
  const watched = await Promise.all(active.map((load) => watch(advancer, load)));
  const { toFinish, toGiveUp, toStart, running, waiting } = decideLoads(watched, advancer.atOnce);
  await each([
    ...toFinish.map((load) => () => finish(advancer, load, at)),
    ...toGiveUp.map((load) => () => giveUp(advancer, load, at)),
    ...toStart.map((load) => () => start(advancer, load)),
  ]);
  return { finished: toFinish.length, failed: toGiveUp.length, started: toStart.length, running, waiting };
}

/** A job that never gets its capacity never fails either. */
function tellAge({ metrics }: LoadAdvancer, [oldest]: readonly Load[], now: Date): void {
  if (oldest) metrics.add('LoadAge', 'Seconds', (now.getTime() - Date.parse(oldest.requestedAt)) / 1000);
}

const watch = async ({ jobs }: LoadAdvancer, load: Load): Promise<WatchedLoad> => ({
  load,
  job: load.jobRunId === undefined ? null : await jobs.stateOf(load.jobRunId),
});

/** One load that cannot go on does not hold up the others, and is seen all the same. */
async function each(steps: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const step of steps) await step().catch((error: unknown) => failures.push(error));
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} of ${steps.length} loads: ${String(failures[0])}`);
}

async function start({ jobs, loads }: LoadAdvancer, load: Load): Promise<void> {
  await loads.recordJob({ ...load, jobRunId: await jobs.start(load) });
}

/** Handed over first, recorded last: until then, all of it is done again, and no row counts twice. */
async function finish({ domain, landingBucket, documents, queue, ledger }: LoadAdvancer, { shard }: Load, at: string) {
  const plan = await readLoadPlan(documents, loadUri(landingBucket, domain, 'plans', shard));
  const results = await readLoadResults(documents, plan);
  await queue.send(batchesOf(results));
  const hour = hourOf(BigInt(plan.arrivedMicros));
  await ledger.split(shard, 1, hour, at);
  const item = await ledger.endPart(shard, { index: 0, of: 1, hour, ...talliedOf(results) }, at);
  await endFile(ledger, shard, item, at);
}

const batchesOf = ({ staged }: LoadResults): StagedBatch[] =>
  staged.map(({ table, staged: uri, rows, contractVersion }) => ({
    version: 1,
    table,
    staged: uri,
    rows,
    events: rows,
    contractVersion,
    ordered: false,
    positions: [],
  }));

const talliedOf = ({ rows, landed, refused, produced, reason }: LoadResults) => ({
  tally: { rows, landed, refused, produced: Object.fromEntries(produced.map(({ table, events }) => [table, events])) },
  reason: reason ?? undefined,
});

/** A file that was replaced or deleted fails its load as well, and is none that a person has to look after. */
async function giveUp({ files, jobs, ledger }: LoadAdvancer, { shard, jobRunId = '' }: Load, at: string) {
  const item = await ledger.find(shard);
  if (!item) return;
  const isThere = await files.open(fileOf(item));
  if (!isThere) return ledger.end(shard, 'gone', at, 'this version was deleted or replaced before it was read');
  return ledger.end(
    shard,
    'failed',
    at,
    `Spark job ${jobRunId} could not load it; its log is at ${jobs.logOf(jobRunId)}`,
  );
}

/** Without its version: a load reads what lies there now, and only if it is still the same. */
const fileOf = ({ uri, etag, size }: FileItem) => ({ ...placeOf(uri), etag, size });
