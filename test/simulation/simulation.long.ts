import { EQUIVALENT, killMutants } from './mutants.ts';
import { RIGHT } from './rules.ts';
import { describeHunt, hunt } from './simulate.ts';

/** Seeds that no other run has seen, unless one is given. */
const SEED = Number(process.env.SLUICE_SIMULATION_SEED ?? Date.now() % 2 ** 31);
const EVENTS = Number(process.env.SLUICE_SIMULATION_EVENTS ?? 10_000_000);
const TIMEOUT = 3_600_000;

test(
  'whatever goes wrong, each event is once in silver or in quarantine',
  async () => {
    const found = await hunt(RIGHT, { seed: SEED, histories: Number.MAX_SAFE_INTEGER, events: EVENTS, shrinks: true });
    expect(describeHunt(found)).toBe('no promise was broken');
  },
  TIMEOUT,
);

test(
  'what only saves work breaks no promise when it is gone',
  async () => {
    const killed = await killMutants(EQUIVALENT, SEED, 5000);
    expect(killed.filter(({ histories }) => histories !== null)).toEqual([]);
  },
  TIMEOUT,
);
