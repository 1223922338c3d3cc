import fc from 'fast-check';
import { drain } from './drain.ts';
import { type History, histories } from './history.ts';
import { checkInvariants } from './invariants.ts';
import { RIGHT, type Rules } from './rules.ts';
import { takeStep } from './take-step.ts';
import { Violation, World } from './world.ts';

export interface Played {
  /** Events that producers made up. */
  readonly events: number;
  /** Of the history; fewer than it has when a promise was broken before its end. */
  readonly steps: number;
  /** The promise that was broken, if any. */
  readonly violation: string | null;
}

/** Plays a history to its end. Any error but a violation is a bug of the simulation or of the code under test. */
export async function play(history: History, rules: Rules = RIGHT): Promise<Played> {
  const world = new World(rules);
  let steps = 0;
  try {
    for (const step of history) {
      steps++;
      await takeStep(world, step);
    }
    await drain(world);
    checkInvariants(world);
    return { events: world.produced.length, steps, violation: null };
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    return { events: world.produced.length, steps, violation: error.message };
  }
}

export interface Hunt {
  /** Played, the broken one included. */
  readonly histories: number;
  readonly events: number;
  /** The shortest history that was found to break a promise, and which promise. */
  readonly broken: { readonly seed: number; readonly history: History; readonly violation: string } | null;
}

export interface HuntOptions {
  readonly seed: number;
  /** Stops after so many events, or so many histories. */
  readonly events: number;
  readonly histories: number;
  /** Whether a broken history is made short. */
  readonly shrinks: boolean;
}

/** Histories that one seed stands for; the next ones take the next seed. */
const ROUND = 50;

/** Plays random histories until one breaks a promise, or enough are played. */
export async function hunt(rules: Rules, { seed, events, histories, shrinks }: HuntOptions): Promise<Hunt> {
  const total = { histories: 0, events: 0 };
  for (let round = seed; total.events < events && total.histories < histories; round++) {
    const found = await huntRound(rules, {
      seed: round,
      histories: Math.min(ROUND, histories - total.histories),
      shrinks,
    });
    total.histories += found.histories;
    total.events += found.events;
    if (found.broken) return { ...total, broken: found.broken };
  }
  return { ...total, broken: null };
}

async function huntRound(
  rules: Rules,
  { seed, histories: numRuns, shrinks }: Omit<HuntOptions, 'events'>,
): Promise<Hunt> {
  const total = { histories: 0, events: 0 };
  let broken: Hunt['broken'] = null;
  const property = fc.asyncProperty(histories, async (history) => {
    const { events, steps, violation } = await play(history, rules);
    if (!broken) {
      total.histories++;
      total.events += events;
    }
    if (violation === null) return;
    broken = { seed, history: history.slice(0, steps), violation };
    throw new Violation(violation);
  });
  const { failed, errorInstance } = await fc.check(property, { seed, numRuns, unbiased: true, endOnFailure: !shrinks });
  if (failed && !broken) throw errorInstance;
  return { ...total, broken };
}

/** What was found, for whoever has to play it again. */
export function describeHunt({ broken }: Hunt): string {
  if (!broken) return 'no promise was broken';
  const steps = broken.history.map((step) => JSON.stringify(step));
  return [broken.violation, `seed ${broken.seed}, shortest history:`, ...steps].join('\n');
}
