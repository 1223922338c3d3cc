import fc from 'fast-check';
import { handOver } from '../../../lambdas/shared/hand-over.ts';
import type { Launcher } from '../../../lambdas/shared/launch-run.ts';
import type { Claim, Ledger } from '../../../lambdas/shared/ledger.ts';
import { type Start, startRun } from '../../../lambdas/start-run/start-run.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';

const DOMAIN = 'commerce';
const at = '2011-01-04T12:00:00.000Z';

/** A ledger whose calls happen in whatever order the scheduler picks. */
function scheduled(ledger: Ledger, scheduler: fc.Scheduler): Ledger {
  return new Proxy(ledger, {
    get: (target, name) => {
      const call = Reflect.get(target, name).bind(target);
      return async (...args: unknown[]) => {
        await scheduler.schedule(Promise.resolve());
        return call(...args);
      };
    },
  });
}

/** A domain in which runs are played: each sees, when it plans, what was committed by then. */
class Domain {
  readonly ledger = new MemoryLedger();
  readonly executions = new MemoryExecutions();
  readonly launcher: Launcher;
  committed = 0;
  seen = 0;
  runs = 0;
  mostAtOnce = 0;

  constructor(private readonly scheduler: fc.Scheduler) {
    const ledger = scheduled(this.ledger, scheduler);
    this.launcher = { ledger, executions: this.executions, settleSeconds: 0 };
  }

  async commit(): Promise<void> {
    await this.scheduler.schedule(Promise.resolve());
    this.committed++;
    const version = this.committed;
    const start = await this.untilAnswered({ domain: DOMAIN, runId: `r-${version}`, trigger: `${version}`, at });
    if (start.type === 'RunStarted') await this.play(start.runId);
  }

  /** The bus delivers an event again to a function that failed, as after runs that came and went too often. */
  private async untilAnswered(claim: Claim): Promise<Start> {
    for (;;) {
      try {
        return await startRun(this.launcher, claim);
      } catch (error) {
        if (!/try again$/.test((error as Error).message)) throw error;
      }
    }
  }

  private async play(runId: string): Promise<void> {
    this.mostAtOnce = Math.max(this.mostAtOnce, this.executions.running.size);
    await this.scheduler.schedule(Promise.resolve());
    this.seen = this.committed;
    await this.scheduler.schedule(Promise.resolve());
    this.runs++;
    this.executions.running.delete(runId);
    const next = await handOver(this.launcher, { domain: DOMAIN, runId }, { runId: `n-${this.runs}`, at });
    if (next) await this.play(next);
  }
}

test('whatever order things happen in, every commit is in a run, and runs never overlap', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.integer({ min: 1, max: 4 }), async (scheduler, commits) => {
      const domain = new Domain(scheduler);
      const all = Promise.all(Array.from({ length: commits }, () => domain.commit()));
      await scheduler.waitFor(all);
      expect(domain.seen).toBe(commits);
      expect(domain.runs).toBeLessThanOrEqual(commits);
      expect(domain.mostAtOnce).toBe(1);
      expect(await domain.ledger.domainState(DOMAIN)).toEqual({ dirty: false, fence: domain.runs });
    }),
    { numRuns: 2000 },
  );
});
