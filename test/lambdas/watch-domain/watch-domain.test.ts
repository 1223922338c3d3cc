import type { DeadLetters, Terms } from '../../../lambdas/shared/dead-letters.ts';
import { brokenRun } from '../../../lambdas/shared/launch-run.ts';
import type { WatchdogFound } from '../../../lambdas/shared/ports.ts';
import { type Watchdog, watchDomain } from '../../../lambdas/watch-domain/watch-domain.ts';
import type { Arrivals } from '../../../lib/watchdog/snapshot.ts';
import { ago, CONTRACTS, NOW, SETTINGS, weeks } from '../../lib/watchdog/snapshots.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryWatchLedger } from '../fakes/memory-watch-ledger.ts';

const DOMAIN = 'shop';
const now = new Date(NOW);

/** Letters that say what they are, each a message. */
class Letters implements DeadLetters {
  readonly name = 'commits';
  readonly sent: string[] = [];
  constructor(readonly waiting: string[]) {}

  async look() {
    return { waiting: this.waiting.length, oldest: ago(3), reasons: [] };
  }

  async redrive({ most, mayTake }: Terms) {
    const [before, left]: [number, string[]] = [this.sent.length, []];
    for (const letter of this.waiting.slice(0, most)) {
      if (await mayTake(letter)) this.sent.push(letter);
      else left.push('not now');
    }
    return { redriven: this.sent.length - before, left };
  }
}

/** A domain in which all is well, but for what a test breaks. */
function dog(letters: string[] = []) {
  const ledger = new MemoryLedger();
  const calls: string[] = [];
  const told: WatchdogFound[] = [];
  const metrics = new Map<string, number>();
  const warned: string[] = [];
  const queue = new Letters(letters);
  const usual = (table: string): number => (table.endsWith('stock') ? 0 : 100);
  const arrivals = async (table: string): Promise<Arrivals> => weeks(usual(table), usual(table));
  const watchdog: Watchdog = {
    ...{ domain: DOMAIN, contracts: CONTRACTS, ledger, watches: new MemoryWatchLedger(), settings: SETTINGS },
    executions: new MemoryExecutions(),
    accounts: {
      arrivals,
      check: async () => ({
        domain: DOMAIN,
        checkedAt: NOW,
        isCaughtUp: true,
        lost: [],
        open: { entries: 0, oldest: null },
      }),
    },
    queues: [queue],
    gauges: { iteratorAge: async () => 1000 },
    warn: (what) => warned.push(what),
    runs: {
      start: async (trigger) => `started: ${calls.push(trigger)}`,
      finish: async (runId) => `finished: ${calls.push(runId)}`,
    },
    bus: { watchdogFound: async (found) => void told.push(found) },
    metrics: {
      add: (name, _unit, value, dimensions) => metrics.set(dimensions ? `${name} ${dimensions.table}` : name, value),
    },
  };
  return { watchdog, ledger, calls, told, metrics, warned, queue };
}

const claim = (runId: string) => ({ domain: DOMAIN, runId, trigger: 'a test', at: ago(1) });

async function fail(ledger: MemoryLedger, runId: string): Promise<void> {
  await ledger.claim(claim(runId));
  await ledger.endRun(DOMAIN, brokenRun(claim(runId), 'a job died'));
  await ledger.release(claim(runId));
}

test('a domain in which all is well is recorded as such, and nobody is told', async () => {
  const { watchdog, calls, told, metrics } = dog();
  const { watch } = await watchDomain(watchdog, now);
  expect(watch).toEqual({ type: 'watch', v: 1, at: NOW, findings: [], unknown: [], remedies: [] });
  expect(await watchdog.watches.watches(9)).toEqual([watch]);
  expect([calls, told, metrics.get('LeasesStuck'), metrics.get('Quality')]).toEqual([[], [], 0, 100]);
});

test('a failed run is started once more, and not a second time; who listens learns of it once', async () => {
  const { watchdog, ledger, calls, told } = dog();
  await fail(ledger, 'shop-r1');
  const { watch } = await watchDomain(watchdog, now);
  expect(watch.remedies).toEqual([
    { kind: 'restart-run', about: 'shop-r1', why: expect.any(String), outcome: 'done', detail: 'started: 1' },
  ]);
  const again = await watchDomain(watchdog, now);
  expect(again.watch).toMatchObject({ findings: [{ kind: 'failed-run', about: 'shop-r1' }], remedies: [] });
  expect(calls).toEqual(['retry of shop-r1 by the watchdog']);
  expect(told).toMatchObject([{ findings: [{ about: 'shop-r1' }], remedies: [{ about: 'shop-r1' }] }]);
});

test('the lease of a run is given back by recording its end, that of maintenance by a run that takes over', async () => {
  const { watchdog, ledger, calls, metrics } = dog();
  await ledger.claim(claim('shop-r1'));
  expect((await watchDomain(watchdog, now)).watch.findings).toMatchObject([{ kind: 'stuck-lease', about: 'shop-r1' }]);
  expect([calls, metrics.get('LeasesStuck')]).toEqual([['shop-r1'], 1]);
  await ledger.release(claim('shop-r1'));
  ledger.holdFor(DOMAIN, 'maintenance-1', { from: ago(2), until: ago(1) });
  await watchDomain(watchdog, now);
  expect(calls).toEqual(['shop-r1', 'the watchdog: maintenance-1 kept the domain']);
});

test('a remedy that fails is recorded with the reason, and not tried again', async () => {
  const { watchdog, ledger } = dog();
  await fail(ledger, 'shop-r1');
  const broken = { ...watchdog, runs: { ...watchdog.runs, start: () => Promise.reject(new Error('throttled')) } };
  const [first, second] = [await watchDomain(broken, now), await watchDomain(broken, now)];
  expect(first.watch.remedies).toMatchObject([{ outcome: 'failed', detail: 'throttled' }]);
  expect(second.watch.remedies).toEqual([]);
});

test('of dead letters each is sent on its way once, and no more than a day allows', async () => {
  const { watchdog, queue, told } = dog(['a', 'b', 'a', 'c', 'd', 'e', 'f']);
  const { watch } = await watchDomain(watchdog, now);
  expect(queue.sent).toEqual(['a', 'b', 'c', 'd']);
  expect(watch.remedies).toMatchObject([{ outcome: 'done', detail: '4 redriven, 1 left: not now' }]);
  const again = await watchDomain(watchdog, now);
  expect(again.watch.remedies).toMatchObject([{ outcome: 'left' }]);
  await watchDomain(watchdog, now);
  expect(queue.sent).toEqual(['a', 'b', 'c', 'd']);
  expect(told).toMatchObject([{ findings: [{ kind: 'dead-letters' }], remedies: [{ kind: 'redrive' }] }]);
});

test('what cannot be looked at is unknown, and hides nothing else', async () => {
  const { watchdog, ledger, warned } = dog(['a']);
  await ledger.claim(claim('shop-r1'));
  const down = () => Promise.reject(new Error('down'));
  const { watch } = await watchDomain(
    {
      ...watchdog,
      gauges: { iteratorAge: down },
      accounts: { arrivals: down, check: down },
      executions: { isRunning: down },
    },
    now,
  );
  expect(watch.findings).toMatchObject([{ kind: 'dead-letters' }]);
  expect(watch.unknown).toHaveLength(5);
  expect(warned.sort()).toEqual(['accounts', 'iterator age', 'shop-r1']);
});

test('what was counted this morning says nothing of now', async () => {
  const { watchdog } = dog();
  const check = async () => ({
    domain: DOMAIN,
    checkedAt: ago(3),
    isCaughtUp: true,
    lost: [],
    open: { entries: 0, oldest: null },
  });
  const { watch } = await watchDomain({ ...watchdog, accounts: { ...watchdog.accounts, check } }, now);
  expect(watch.unknown).toEqual([
    expect.stringMatching(/^freshness of shop\.silver\.orders, shop\.gold\.sales/),
    expect.stringMatching(/^what usually comes for/),
    expect.stringMatching(/^age of the quarantine/),
  ]);
});

test('what nobody could be told of is not recorded as told', async () => {
  const { watchdog, ledger } = dog();
  await fail(ledger, 'shop-r1');
  const deaf = { ...watchdog, bus: { watchdogFound: () => Promise.reject(new Error('bus is down')) } };
  await expect(watchDomain(deaf, now)).rejects.toThrow('bus is down');
  expect(await watchdog.watches.watches(1)).toEqual([]);
});
