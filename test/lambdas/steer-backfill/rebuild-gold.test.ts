import { rebuildGold } from '../../../lambdas/steer-backfill/rebuild-gold.ts';
import { goldCauses } from '../../../lib/plan/gold-causes.ts';
import { afterCommits, afterRun, LINES, NOTHING, planOf, SALES } from '../../lib/plan/commerce.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';

const at = '2011-01-05T10:00:00.000Z';
const call = { holder: 'rebuild-1', nextRunId: 'commerce-next', at, until: at };
const wish = { by: 'ada', reason: 'a wrong model' };
const built = { inputs: { [LINES]: 3 }, tables: { [SALES]: { version: 1, rows: 1 } } };

async function world() {
  const ledger = new MemoryLedger();
  const lease = { domain: 'commerce', runId: 'r1' };
  await ledger.claim({ ...lease, trigger: 'a test', at });
  for (const slot of ['blue', 'green'] as const) await ledger.recordSlot(lease, slot, built);
  const launcher = { ledger, executions: new MemoryExecutions(), settleSeconds: 0 };
  return { ledger, lease, rebuild: () => rebuildGold(launcher, 'commerce', wish, call) };
}

test('both slots are forgotten, with who wished it, and the domain is free', async () => {
  const { ledger, lease, rebuild } = await world();
  await ledger.release(lease);
  expect(await rebuild()).toEqual({ type: 'GoldIsDue', domain: 'commerce' });
  const forgotten = { inputs: {}, tables: {}, rebuild: wish };
  expect(Object.fromEntries(await ledger.slots('commerce'))).toEqual({ blue: forgotten, green: forgotten });
  expect((await ledger.domainState('commerce')).activeRun).toBeUndefined();
});

test('it is refused while a run has the domain, and while gold is held', async () => {
  const { ledger, lease, rebuild } = await world();
  expect(await rebuild()).toMatchObject({ type: 'Refused', reason: expect.stringMatching(/^'r1' has domain/) });
  await ledger.holdGold(lease, { ...wish, since: at });
  await ledger.release(lease);
  expect(await rebuild()).toMatchObject({
    reason: expect.stringMatching(/^gold is held; `sluice publish release comm/),
  });
  expect((await ledger.slots('commerce')).get('blue')).toEqual(built);
});

test('the next run builds the hidden slot in full, the one after it the other, and then there is nothing to do', () => {
  const landed = afterCommits(NOTHING, 4);
  const rested = afterRun(landed, planOf(landed));
  const forgotten = { inputs: {}, tables: {}, rebuild: wish };
  const due = { ...rested, slots: { blue: forgotten, green: forgotten } };
  const gold = due.contracts.filter(({ layer }) => layer === 'gold');
  expect(goldCauses(due, new Set(), [], gold)[0]?.reason).toBe('a rebuild is due, by ada: a wrong model');
  const first = planOf(due);
  expect([first.refine, first.model?.slot, first.model?.inputs[0]?.builtFromVersion]).toEqual([[], 'blue', null]);
  const after = afterRun(due, first);
  expect(goldCauses(after, new Set(), [], gold)).toEqual([]);
  const later = afterCommits(after, 1);
  expect(planOf(later).model).toMatchObject({ slot: 'green', inputs: [{ builtFromVersion: null }] });
});
