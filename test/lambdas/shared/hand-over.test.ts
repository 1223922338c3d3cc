import { handOver } from '../../../lambdas/shared/hand-over.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';

const at = '2011-01-04T12:00:00.000Z';
const lease = { domain: 'commerce', runId: 'r1' };
const next = { runId: 'r2', at };

async function activeRun() {
  const launcher = { ledger: new MemoryLedger(), executions: new MemoryExecutions(), settleSeconds: 0 };
  await launcher.ledger.claim({ ...lease, trigger: 'a commit', at });
  return launcher;
}

test('a run after which nothing came gives the domain back', async () => {
  const launcher = await activeRun();
  expect(await handOver(launcher, lease, next)).toBeNull();
  expect((await launcher.ledger.domainState('commerce')).activeRun).toBeUndefined();
});

test('a run during which more came starts the next one', async () => {
  const launcher = await activeRun();
  await launcher.ledger.markDirty('commerce');
  expect(await handOver(launcher, lease, next)).toBe('r2');
  expect(launcher.executions.started).toEqual([{ runId: 'r2', trigger: "commits during 'r1'", settleSeconds: 0 }]);
  expect(await launcher.ledger.domainState('commerce')).toMatchObject({ activeRun: 'r2', dirty: false });
});

test('a run that was replaced leaves the domain alone', async () => {
  const launcher = await activeRun();
  await launcher.ledger.claim({ ...lease, runId: 'r9', replaces: 'r1', trigger: 'a commit', at });
  await launcher.ledger.markDirty('commerce');
  expect(await handOver(launcher, lease, next)).toBeNull();
  expect(await launcher.ledger.domainState('commerce')).toMatchObject({ activeRun: 'r9', dirty: true });
});

test('a next run that could not be started is started by the retry', async () => {
  const launcher = await activeRun();
  await launcher.ledger.markDirty('commerce');
  launcher.executions.isDown = true;
  await expect(handOver(launcher, lease, next)).rejects.toThrow("run 'r2': its execution could not be started");
  launcher.executions.isDown = false;
  expect(await handOver(launcher, lease, { ...next, runId: 'r3' })).toBe('r3');
});
