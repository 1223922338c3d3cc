import { type RestoreRequest, restoreSilver } from '../../../lambdas/steer-backfill/restore-silver.ts';
import type { Plan, StepResults } from '../../../lib/plan/plan.ts';
import type { PastTable } from '../../../lib/publish/past-tables.ts';
import { afterCommits, LINES, NOTHING, ORDERS, planOf, soundResults } from '../../lib/plan/commerce.ts';
import { MemoryBackfillLedger } from '../fakes/memory-backfill-ledger.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryDocuments } from '../fakes/memory-stores.ts';

const at = '2011-01-05T10:00:00.000Z';
const call = { holder: 'restore-1', nextRunId: 'commerce-next', at, until: at };
const wish: RestoreRequest = { table: LINES, version: 7, by: 'ada', reason: 'a bad disk', dryRun: false };

/** Silver in the bucket, which delta-rs takes back; `order` says what happened when. */
class Tables {
  readonly order: string[] = [];
  lost: string | undefined;
  breaks = false;

  async check(tables: readonly PastTable[]) {
    return this.lost === undefined ? [] : tables.map((each) => ({ ...each, reason: this.lost ?? '' }));
  }

  async restore(tables: readonly PastTable[]): Promise<PastTable[]> {
    if (this.breaks) throw new Error('S3 is away');
    this.order.push(...tables.map(({ table, slot, version }) => `${table} ${slot} ${version}`));
    return tables.map((each) => ({ ...each, version: 13 }));
  }
}

/** Three runs: of the second one silver was merged, and the gate of gold stopped it; the third one was blocked at once. */
async function world() {
  const [ledger, documents, tables] = [new MemoryLedger(), new MemoryDocuments(), new Tables()];
  const launcher = { ledger, executions: new MemoryExecutions(), settleSeconds: 0 };
  for (const [number, outcome] of ['passed', 'passed', 'blocked'].entries()) {
    const plan: Plan = { ...planOf(afterCommits(NOTHING, 10 * (number + 1))), runId: `r${number + 1}` };
    const own = { ...plan, results: { refine: `s3://o/${plan.runId}.json`, model: '' } };
    const results = soundResults(own, 'refine');
    const inputs = [{ table: ORDERS, fromVersion: 0, toVersion: 10 * number + 9 }];
    const made = { inputs, deltaVersion: 7 + 2 * number, rowCount: number };
    const left = results.tables.map((each) => ({ ...each, ...made }));
    await documents.write(`s3://o/runs/commerce/${plan.runId}/plan.json`, own);
    await documents.write(own.results.refine, { ...results, runId: plan.runId, tables: left } satisfies StepResults);
    const lease = { domain: 'commerce', runId: plan.runId };
    await ledger.claim({ ...lease, trigger: 'a test', at });
    const gates = [{ step: 'refine' as const, outcome, reasons: [], checks: [] }];
    const run = await ledger.run('commerce', plan.runId);
    if (run) await ledger.endRun('commerce', { ...run, status: 'blocked', endedAt: at, gates });
    if (number === 1)
      await ledger.recordTables(lease, new Map([[LINES, { version: 9, rows: 1, consumed: { [ORDERS]: 19, x: 1 } }]]));
    await ledger.release(lease);
  }
  const versions = { latest: async () => 29, lastChange: async (_: string, latest: number) => latest };
  const known = { ledger, versions, contracts: NOTHING.contracts, buckets: NOTHING.buckets };
  const restorer = { domain: 'commerce', launcher, backfills: new MemoryBackfillLedger(), known, documents };
  const restore = (more: Partial<RestoreRequest> = {}) =>
    restoreSilver({ ...restorer, restorer: tables }, { ...wish, ...more }, call);
  const state = async () => (await ledger.tables([LINES])).get(LINES);
  return { ledger, tables, restore, state };
}

test('the table is what a run left, and what came since is due', async () => {
  const { ledger, tables, restore, state } = await world();
  expect(await restore()).toMatchObject({ type: 'Restored', runId: 'r1', consumed: { [ORDERS]: 9 } });
  expect(tables.order).toEqual([`${LINES} null 7`]);
  expect(await state()).toEqual({
    ...{ version: 13, rows: 0, consumed: { [ORDERS]: 9, x: 1 }, watermarks: {} },
    restored: { version: 7, by: 'ada', reason: 'a bad disk', at },
  });
  expect((await ledger.domainState('commerce')).activeRun).toBeUndefined();
});

test('a look changes nothing', async () => {
  const { tables, restore, state } = await world();
  const before = await state();
  expect(await restore({ dryRun: true })).toMatchObject({ type: 'Restore', runId: 'r1' });
  expect([await state(), tables.order]).toEqual([before, []]);
});

test('what breaks before the table is back leaves what runs read again, and a free domain', async () => {
  const { ledger, tables, restore, state } = await world();
  tables.breaks = true;
  await expect(restore()).rejects.toThrow('S3 is away');
  expect(await state()).toMatchObject({ version: 9, consumed: { [ORDERS]: 9 } });
  expect((await ledger.domainState('commerce')).activeRun).toBeUndefined();
});

test('it is refused while a run has the domain, where files are gone, and for what a blocked run left', async () => {
  const { ledger, tables, restore, state } = await world();
  const before = await state();
  expect(await restore({ version: 11 })).toMatchObject({ reason: expect.stringMatching(/no version 11 that a run/) });
  tables.lost = '3 of the 9 files of version 7 are deleted';
  expect(await restore()).toMatchObject({
    reason: `version 7 of ${LINES} is gone: 3 of the 9 files of version 7 are deleted`,
  });
  await ledger.claim({ domain: 'commerce', runId: 'r9', trigger: 'a test', at });
  expect(await restore()).toMatchObject({ type: 'Refused', reason: expect.stringMatching(/^'r9' has domain/) });
  expect(await state()).toEqual(before);
});
