import { explain } from '../../../lambdas/finish-run/describe-end.ts';
import { endedSchema } from '../../../lambdas/finish-run/ended.ts';
import { finishRun } from '../../../lambdas/finish-run/finish-run.ts';
import type { EndedRun, EventBus, LineageLog, MetricSink } from '../../../lambdas/shared/ports.ts';
import { readDocument } from '../../../lib/evidence/read-document.ts';
import { sealOf } from '../../../lib/evidence/seal.ts';
import type { RunEvent } from '../../../lib/lineage/run-event.ts';
import { historyKey } from '../../../lib/plan/history.ts';
import type { PlannedCheck } from '../../../lib/plan/plan.ts';
import { afterCommits, NOTHING, ORDERS, planOf, SALES, soundResults } from '../../lib/plan/commerce.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryDocuments, MemoryEvidence } from '../fakes/memory-stores.ts';

const plan = planOf(afterCommits(NOTHING, 4));
const { runId } = plan;
const PLAN = 's3://o/plan.json';
const started = '2011-01-04T10:00:30.000Z';
const now = new Date('2011-01-04T10:02:30.000Z');
const job = {
  JobRunId: '00f1',
  State: 'SUCCESS',
  TotalExecutionDurationSeconds: 95,
  BilledResourceUtilization: { VCPUHour: 0.5, MemoryGBHour: 2, StorageGBHour: 0 },
};
const whole = {
  runId,
  trigger: 'a commit',
  settleSeconds: 5,
  plan: { planUri: PLAN, hasWork: true },
  refine: job,
  model: job,
};

class Metrics implements MetricSink {
  readonly values: [string, number, string?][] = [];
  add(name: string, _unit: string, value: number, dimensions: Readonly<Record<string, string>> = {}): void {
    this.values.push(dimensions.table ? [name, value, dimensions.table] : [name, value]);
  }
}

class Lineage implements LineageLog {
  readonly events: RunEvent[] = [];
  isDown = false;
  async write(_runId: string, events: readonly RunEvent[]): Promise<void> {
    if (this.isDown) throw new Error('CloudWatch is down');
    this.events.push(...events);
  }
}

class Bus implements Pick<EventBus, 'runEnded'> {
  readonly told: EndedRun[] = [];
  async runEnded(run: EndedRun): Promise<void> {
    this.told.push(run);
  }
}

async function world() {
  const ledger = new MemoryLedger();
  const documents = new MemoryDocuments();
  const [metrics, lineageLog, bus, evidence] = [new Metrics(), new Lineage(), new Bus(), new MemoryEvidence()];
  await ledger.claim({ domain: 'commerce', runId, trigger: 'a commit', at: started });
  await documents.write(PLAN, plan);
  for (const step of ['refine', 'model'] as const) await documents.write(plan.results[step], soundResults(plan, step));
  const launcher = { ledger, executions: new MemoryExecutions(), settleSeconds: 5 };
  const sinks = { evidence, lineageLog, bus, metrics };
  const finisher = { launcher, documents, ...sinks, env: 'dev', opsBucket: 'o', nextRunId: () => 'next' };
  const finish = (event: unknown) => finishRun(finisher, 'commerce', endedSchema.parse(event), now);
  return { ledger, documents, ...sinks, launcher, finish };
}

test('a run is recorded with its steps, what they read and cost, and its gates', async () => {
  const { ledger, finish } = await world();
  expect(await finish({ outcome: 'succeeded', state: whole })).toEqual({ runId, outcome: 'succeeded', next: null });
  const run = await ledger.run('commerce', runId);
  expect(run).toMatchObject({ status: 'succeeded', startedAt: started, durationMs: 120_000, trigger: 'a commit' });
  expect(run?.steps.map(({ name, outcome }) => [name, outcome])).toEqual([
    ['refine', 'passed'],
    ['model', 'passed'],
  ]);
  expect(run?.steps[0]).toEqual({
    name: 'refine',
    outcome: 'passed',
    startedAt: '2011-01-04T10:01:00Z',
    endedAt: '2011-01-04T10:02:00Z',
    rowsIn: 20,
    rowsOut: 20,
    quarantined: 0,
    bytesRead: 4096,
    jobRunId: '00f1',
    overheadSeconds: 35,
    billed: { vCPUHour: 0.5, memoryGBHour: 2, storageGBHour: 0 },
  });
  expect(run?.gates.map(({ step, outcome, reasons }) => [step, outcome, reasons])).toEqual([
    ['refine', 'passed', []],
    ['model', 'passed', []],
  ]);
  expect(run?.gates[0]?.checks[0]).toMatchObject({ evaluated: 10, failed: 0 });
  expect((await ledger.domainState('commerce')).activeRun).toBeUndefined();
});

test('who reads gold is told that it was brought up to date', async () => {
  const { ledger, bus, finish } = await world();
  const tables = { 'commerce.gold.sales': { version: 3, rows: 9 } };
  const published = { slot: 'green', runId, publishedAt: '2011-01-04T10:02:00Z', tables } as const;
  await ledger.recordPublished({ domain: 'commerce', runId }, published);
  await finish({ outcome: 'succeeded', state: whole });
  await finish({ outcome: 'succeeded', state: whole });
  const { slot: _, ...seen } = published;
  const event = { domain: 'commerce', runId, outcome: 'succeeded', endedAt: now.toISOString(), reasons: [] };
  expect(bus.told).toEqual([{ ...event, published: seen }]);
});

test('who reads gold is told why it was not, and what they see instead', async () => {
  const { documents, bus, finish } = await world();
  const results = soundResults(plan, 'model');
  const tables = results.tables.map((table) => ({
    ...table,
    checks: table.checks.map((check) => ({ ...check, failed: check.onFailure === 'block' ? 1 : 0 })),
  }));
  await documents.write(plan.results.model, { ...results, tables });
  await finish({ outcome: 'blocked', state: whole });
  expect(bus.told).toMatchObject([{ outcome: 'blocked', published: null }]);
  expect(bus.told[0]?.reasons[0]).toMatch(/^commerce\.gold\.\w+: check '.*' failed for 1 of 10$/);
});

test('a run without work is no news', async () => {
  const { bus, finish } = await world();
  await finish({ outcome: 'nothing-to-do', state: { runId, trigger: 'a test' } });
  expect(bus.told).toEqual([]);
});

const WATCHED: PlannedCheck = {
  ...{ id: 'usual_rows', name: 'usual_rows', kind: 'anomaly', columns: [], measure: 'rowCount', onFailure: 'warn' },
  usual: { season: 'none', minHistory: 14 },
};

/** The run with a rule that is judged by history, which found this many rows. */
async function watchedWorld(failed: number, actual: number | null) {
  const { documents, ...rest } = await world();
  const model = plan.model && {
    ...plan.model,
    tables: plan.model.tables.map((table) => (table.id === SALES ? { ...table, checks: [WATCHED] } : table)),
  };
  const results = soundResults({ ...plan, model }, 'model');
  const tables = results.tables.map((table) => ({
    ...table,
    checks: table.checks.map((check) => (check.id === WATCHED.id ? { ...check, failed, actual } : check)),
  }));
  await documents.write(PLAN, { ...plan, model });
  await documents.write(plan.results.model, { ...results, tables });
  return { ...rest, history: () => rest.ledger.histories([historyKey(SALES, WATCHED, plan.createdAt)]) };
}

test('what a run measured is kept once, for runs to come', async () => {
  const { finish, history, metrics } = await watchedWorld(0, 512);
  await finish({ outcome: 'succeeded', state: whole });
  await finish({ outcome: 'succeeded', state: whole });
  expect((await history()).map(({ points }) => points)).toEqual([[{ runId, numbers: [512] }]]);
  expect(metrics.values.map(([name]) => name)).not.toContain('RulesUnusual');
});

test('what was unusual is counted for an alarm, and kept as well', async () => {
  const { finish, history, metrics } = await watchedWorld(1, 512);
  await finish({ outcome: 'succeeded', state: whole });
  expect(metrics.values).toContainEqual(['RulesUnusual', 1]);
  expect(await history()).toHaveLength(1);
});

test('nothing is learnt from a run that was blocked, or that had nothing to measure', async () => {
  const blocked = await watchedWorld(1, 512);
  await blocked.finish({ outcome: 'blocked', state: whole });
  expect(await blocked.history()).toEqual([]);
  expect(blocked.metrics.values).toContainEqual(['RulesUnusual', 1]);
  const empty = await watchedWorld(0, null);
  await empty.finish({ outcome: 'succeeded', state: whole });
  expect(await empty.history()).toEqual([]);
});

test('lineage of each step is a document and lines of the log', async () => {
  const { documents, lineageLog, finish } = await world();
  await finish({ outcome: 'succeeded', state: whole });
  const [start, complete] = (await documents.read(`s3://o/lineage/commerce/${runId}/refine.json`)) as RunEvent[];
  expect([start?.eventType, complete?.eventType]).toEqual(['START', 'COMPLETE']);
  expect(lineageLog.events).toHaveLength(4);
});

test('outcome, duration and the age of what consumers see are measured', async () => {
  const { ledger, metrics, finish } = await world();
  ledger.commit(ORDERS, { version: 4, rows: 10, lastEventTime: '2011-01-04T10:00:00.000Z' });
  await finish({ outcome: 'succeeded', state: whole });
  expect(metrics.values).toEqual([
    ['RunsSucceeded', 1],
    ['RunDuration', 120],
    ['Freshness', 150, ORDERS],
    ['Freshness', 150],
  ]);
});

test('a blocked run makes nothing fresher', async () => {
  const { ledger, metrics, finish } = await world();
  ledger.commit(ORDERS, { version: 4, rows: 10, lastEventTime: '2011-01-04T10:00:00.000Z' });
  await finish({ outcome: 'blocked', state: whole });
  expect(metrics.values.map(([name]) => name)).toEqual(['RunsBlocked', 'RunDuration']);
});

test('while gold is held, a run makes nothing fresher', async () => {
  const { ledger, metrics, finish } = await world();
  ledger.commit(ORDERS, { version: 4, rows: 10, lastEventTime: '2011-01-04T10:00:00.000Z' });
  const hold = { by: 'ada', reason: 'totals are doubled', since: '2011-01-04T09:00:00.000Z' };
  await ledger.holdGold({ domain: 'commerce', runId }, hold);
  await finish({ outcome: 'succeeded', state: whole });
  expect(metrics.values.map(([name]) => name)).toEqual(['RunsSucceeded', 'RunDuration']);
});

test('a run with nothing to do is recorded and not measured', async () => {
  const { ledger, metrics, finish } = await world();
  const state = { runId, trigger: 'a commit', settleSeconds: 0, plan: { planUri: null, hasWork: false } };
  expect((await finish({ outcome: 'nothing-to-do', state })).outcome).toBe('nothing-to-do');
  expect(await ledger.run('commerce', runId)).toMatchObject({ status: 'nothing-to-do', steps: [], gates: [] });
  expect(metrics.values).toEqual([]);
});

test('a run whose job failed is recorded with the cause, in lineage as well', async () => {
  const { ledger, lineageLog, metrics, finish } = await world();
  const { model: _never, ...state } = whole;
  const Cause = JSON.stringify({ JobRunId: '00f2', State: 'FAILED', StateDetails: 'disk full' });
  await finish({ outcome: 'failed', state: { ...state, error: { Error: 'States.TaskFailed', Cause } } });
  expect(await ledger.run('commerce', runId)).toMatchObject({ status: 'failed', error: 'job run 00f2: disk full' });
  expect(lineageLog.events.map(({ job: { name }, eventType }) => `${name} ${eventType}`)).toEqual([
    'commerce.refine START',
    'commerce.refine COMPLETE',
    'commerce.model START',
    'commerce.model FAIL',
  ]);
  expect(metrics.values[0]).toEqual(['RunsFailed', 1]);
});

test('a second report of an end changes nothing, and starts what waits', async () => {
  const { ledger, metrics, launcher, finish } = await world();
  await ledger.markDirty('commerce');
  expect((await finish({ outcome: 'succeeded', state: whole })).next).toBe('next');
  const error = { Error: 'ABORTED', Cause: 'the execution ended without finishing its run' };
  const again = await finish({ outcome: 'failed', state: { runId, trigger: 'unknown', error } });
  expect(again).toEqual({ runId, outcome: 'succeeded', next: null });
  expect(metrics.values.filter(([name]) => name.startsWith('Runs'))).toEqual([['RunsSucceeded', 1]]);
  expect(launcher.executions.started).toHaveLength(1);
});

test('two reports at the same time are measured once', async () => {
  const { metrics, finish } = await world();
  await Promise.all([1, 2].map(() => finish({ outcome: 'succeeded', state: whole })));
  expect(metrics.values.filter(([name]) => name === 'RunsSucceeded')).toHaveLength(1);
});

test('an execution that was killed gives its domain back', async () => {
  const { ledger, finish } = await world();
  const error = { Error: 'ABORTED', Cause: 'the execution ended without finishing its run' };
  await finish({ outcome: 'failed', state: { runId, trigger: 'unknown', error } });
  expect(await ledger.run('commerce', runId)).toMatchObject({
    status: 'failed',
    trigger: 'a commit',
    error: 'ABORTED: the execution ended without finishing its run',
  });
  expect((await ledger.domainState('commerce')).activeRun).toBeUndefined();
});

const cancellation = { by: 'ada', reason: 'a wrong file', at: '2011-01-04T10:01:00.000Z' };
const aborted = { runId, trigger: 'unknown', error: { Error: 'ABORTED', Cause: 'Cancelled' } };

test('a run that somebody stopped is no failure, and says by whose word it ended', async () => {
  const { ledger, evidence, bus, metrics, finish } = await world();
  await ledger.noteCancellation('commerce', runId, cancellation);
  expect((await finish({ outcome: 'failed', state: aborted })).outcome).toBe('cancelled');
  const end = { status: 'cancelled', error: 'cancelled by ada: a wrong file', cancellation };
  expect(await ledger.run('commerce', runId)).toMatchObject(end);
  const [document] = [...evidence.documents.values()].map((bytes) => new TextDecoder().decode(bytes));
  expect(document).toContain('"outcome":"cancelled"');
  expect(document).not.toContain(cancellation.by); // evidence cannot be deleted
  expect(bus.told.map(({ outcome }) => outcome)).toEqual(['cancelled']);
  expect(metrics.values[0]).toEqual(['RunsCancelled', 1]);
});

test('a run that ended before it could be stopped has its own outcome', async () => {
  const { ledger, finish } = await world();
  await ledger.noteCancellation('commerce', runId, cancellation);
  expect((await finish({ outcome: 'succeeded', state: whole })).outcome).toBe('succeeded');
  expect(await ledger.run('commerce', runId)).toMatchObject({ status: 'succeeded' });
});

test('commits that came while a run was stopped start the next one', async () => {
  const { ledger, finish } = await world();
  await ledger.noteCancellation('commerce', runId, cancellation);
  await ledger.markDirty('commerce');
  expect(await finish({ outcome: 'failed', state: aborted })).toEqual({ runId, outcome: 'cancelled', next: 'next' });
});

test('while lineage cannot be written the run is not recorded, so that the retry does all of it', async () => {
  const { ledger, lineageLog, finish } = await world();
  lineageLog.isDown = true;
  await expect(finish({ outcome: 'succeeded', state: whole })).rejects.toThrow('CloudWatch is down');
  expect((await ledger.run('commerce', runId))?.endedAt).toBeUndefined();
  lineageLog.isDown = false;
  expect((await finish({ outcome: 'succeeded', state: whole })).outcome).toBe('succeeded');
});

test('a run leaves one document of evidence, whose seal the ledger knows, however often its end is reported', async () => {
  const { ledger, evidence, finish } = await world();
  evidence.isDown = true;
  await expect(finish({ outcome: 'succeeded', state: whole })).rejects.toThrow('S3 is down');
  expect((await ledger.run('commerce', runId))?.endedAt).toBeUndefined();
  evidence.isDown = false;
  await Promise.all([1, 2].map(() => finish({ outcome: 'succeeded', state: whole })));
  await finish({ outcome: 'succeeded', state: whole });
  const [bytes, ...more] = [...evidence.documents.values()];
  expect(more).toEqual([]);
  expect((await ledger.run('commerce', runId))?.evidence).toEqual({ number: 1, ...sealOf(bytes ?? new Uint8Array()) });
  expect(readDocument(bytes ?? new Uint8Array())).toMatchObject({
    runId,
    outcome: 'succeeded',
    env: 'dev',
    domain: 'commerce',
  });
});

test.each(['succeeded', 'blocked', 'failed', 'nothing-to-do'] as const)(
  'a run that ended as %s leaves evidence',
  async (outcome) => {
    const { evidence, finish } = await world();
    await finish({ outcome, state: { runId, trigger: 'a commit' } });
    expect([...evidence.documents.values()].map(readDocument)).toMatchObject([{ runId, outcome }]);
  },
);

test('what the run published is evidence, and what an earlier one did is not', async () => {
  const { ledger, evidence, finish } = await world();
  const tables = { [SALES]: { version: 3, rows: 10 } };
  await ledger.recordPublished({ domain: 'commerce', runId }, { slot: 'blue', runId, publishedAt: started, tables });
  await finish({ outcome: 'succeeded', state: whole });
  await ledger.claim({ domain: 'commerce', runId: 'commerce-later', trigger: 'a commit', at: started });
  await finish({ outcome: 'nothing-to-do', state: { runId: 'commerce-later', trigger: 'a commit' } });
  expect([...evidence.documents.values()].map((bytes) => readDocument(bytes)?.published)).toEqual([
    { slot: 'blue', tables },
    null,
  ]);
});

test.each([
  [
    { Error: 'States.TaskFailed', Cause: '{"errorType":"LostLeaseError","errorMessage":"lost"}' },
    'LostLeaseError: lost',
  ],
  [{ Error: 'States.Timeout', Cause: '' }, 'States.Timeout: '],
  [{ Error: 'Odd', Cause: 'no JSON' }, 'Odd: no JSON'],
  [{ Error: 'Odd', Cause: '7' }, 'Odd: 7'],
])('the cause %j is told as one sentence', (error, sentence) => {
  expect(explain(error)).toBe(sentence);
});

test('a long cause is cut', () => {
  expect(explain({ Error: 'Odd', Cause: 'x'.repeat(9000) })).toHaveLength(2000);
});
