import { startRun } from '../../../lambdas/start-run/start-run.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';

const NOON = '2011-01-04T12:00:00.000Z';
const LATER = '2011-01-04T12:30:00.000Z';
const world = () => ({ ledger: new MemoryLedger(), executions: new MemoryExecutions(), settleSeconds: 5 });
const claim = (runId: string, at = NOON) => ({ domain: 'commerce', runId, trigger: 'a commit', at });

test('the first commit starts a run', async () => {
  const launcher = world();
  expect(await startRun(launcher, claim('r1'))).toEqual({ type: 'RunStarted', runId: 'r1' });
  expect(launcher.executions.started).toEqual([{ runId: 'r1', trigger: 'a commit', settleSeconds: 5 }]);
});

test('commits during a run start none, and ask for one more', async () => {
  const launcher = world();
  await startRun(launcher, claim('r1'));
  for (const id of ['r2', 'r3']) {
    expect(await startRun(launcher, claim(id))).toEqual({ type: 'RunWaits', activeRun: 'r1' });
  }
  expect(launcher.executions.started).toHaveLength(1);
  expect((await launcher.ledger.domainState('commerce')).dirty).toBe(true);
});

test('a run whose execution ended without giving the domain back is replaced and recorded as failed', async () => {
  const launcher = world();
  await startRun(launcher, claim('r1'));
  launcher.executions.running.clear();
  expect(await startRun(launcher, claim('r2', LATER))).toEqual({ type: 'RunStarted', runId: 'r2' });
  expect(await launcher.ledger.run('commerce', 'r1')).toMatchObject({
    status: 'failed',
    startedAt: NOON,
    endedAt: LATER,
    error: 'the execution ended without finishing its run',
  });
});

test('a run that claimed the domain a moment ago may still start its execution', async () => {
  const launcher = world();
  await launcher.ledger.claim(claim('r1'));
  const soon = '2011-01-04T12:00:59.000Z';
  expect(await startRun(launcher, claim('r2', soon))).toEqual({ type: 'RunWaits', activeRun: 'r1' });
});

test('maintenance keeps the domain until the time that it names, and is replaced after it', async () => {
  const launcher = world();
  launcher.ledger.holdFor('commerce', 'maintenance-1', { from: NOON, until: '2011-01-04T12:15:00.000Z' });
  const during = '2011-01-04T12:14:59.000Z';
  expect(await startRun(launcher, claim('r1', during))).toEqual({ type: 'RunWaits', activeRun: 'maintenance-1' });
  expect((await launcher.ledger.domainState('commerce')).dirty).toBe(true);
  expect(await startRun(launcher, claim('r2', LATER))).toEqual({ type: 'RunStarted', runId: 'r2' });
  expect(await launcher.ledger.domainState('commerce')).toEqual({
    activeRun: 'r2',
    claimedAt: LATER,
    dirty: false,
    fence: 1,
  });
});

test('a run that is running is not replaced, however old', async () => {
  const launcher = world();
  await startRun(launcher, claim('r1'));
  expect(await startRun(launcher, claim('r2', LATER))).toEqual({ type: 'RunWaits', activeRun: 'r1' });
});

test('when the execution cannot be started the domain is free again, and the next attempt starts', async () => {
  const launcher = world();
  launcher.executions.isDown = true;
  await expect(startRun(launcher, claim('r1'))).rejects.toThrow(
    "run 'r1': its execution could not be started; the domain is free again",
  );
  expect(await launcher.ledger.domainState('commerce')).toEqual({ dirty: true, fence: 1 });
  expect((await launcher.ledger.run('commerce', 'r1'))?.status).toBe('failed');
  launcher.executions.isDown = false;
  expect(await startRun(launcher, claim('r2'))).toEqual({ type: 'RunStarted', runId: 'r2' });
});
