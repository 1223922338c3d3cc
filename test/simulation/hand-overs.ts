import { reconcileLanding } from '../../lambdas/reconcile-landing/reconcile-landing.ts';
import type { HandOvers } from '../../lambdas/shared/ports.ts';
import type { HandOver } from '../../lib/landing/hand-over.ts';
import type { StagedBatch } from '../../lib/landing/staged-batch.ts';
import { DOMAIN } from './events.ts';
import type { Fault, Invocation } from './invocation.ts';
import type { World } from './world.ts';

/** Hand-overs as the ledger holds them: from before their first message until their commit. */
export class HandOverBook {
  private readonly waiting = new Map<string, HandOver>();

  get size(): number {
    return this.waiting.size;
  }

  /** Ends what a commit has taken. */
  end(batches: readonly StagedBatch[]): void {
    for (const { staged } of batches) this.waiting.delete(staged);
  }

  portOf({ isoNow }: World, invocation: Invocation): HandOvers {
    const { waiting } = this;
    return {
      record: (batches) =>
        invocation.effect(() => {
          const at = isoNow();
          for (const batch of batches)
            waiting.set(batch.staged, { batch, handedOverAt: at, announcedAt: at, announcements: 0 });
        }),
      waiting: async () => [...waiting.values()],
      countAnnouncement: ({ batch, announcements }, at) =>
        invocation.effect(() => {
          const known = waiting.get(batch.staged);
          if (known?.announcements !== announcements) return false;
          waiting.set(batch.staged, { ...known, announcements: announcements + 1, announcedAt: at });
          return true;
        }),
    };
  }
}

const GRACE_MINUTES = 15;

/** The real reconciler, over simulated ports. */
export async function reconcileHandOvers(world: World, fault: Fault | null): Promise<void> {
  if (!world.rules.reconcilesHandOvers) return;
  await world.invoke(fault, (invocation) => {
    const queue = world.queueOf(invocation);
    return reconcileLanding(
      {
        domain: DOMAIN,
        graceMinutes: GRACE_MINUTES,
        handOvers: world.handOvers.portOf(world, invocation),
        queue: {
          send: (batches) => queue.send(batches.map(world.rules.announcedAgain)),
          depth: async () => world.queue.waiting.length,
        },
        metrics: { add: () => undefined },
      },
      new Date(world.now * 1000),
    );
  });
}
