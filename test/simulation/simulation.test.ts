import { EQUIVALENT, killMutants, MUTANTS } from './mutants.ts';
import { RIGHT } from './rules.ts';
import { describeHunt, hunt } from './simulate.ts';

/** More for a long run: `SLUICE_SIMULATION_EVENTS=20000000 SLUICE_SIMULATION_SEED=7`. */
const EVENTS = Number(process.env.SLUICE_SIMULATION_EVENTS ?? 100_000);
const SEED = Number(process.env.SLUICE_SIMULATION_SEED ?? 4);
/** Where the rarest faults show early; from any other place all are found as well, some much later. */
const MUTANTS_SEED = 1033;
/** Several times what the slowest mutant has taken. */
const HISTORIES = 4000;
const TIMEOUT = 120_000 + EVENTS * 3;

const options = { seed: SEED, histories: Number.MAX_SAFE_INTEGER, events: EVENTS, shrinks: true };

test(
  'whatever goes wrong, each event is once in silver or in quarantine',
  async () => {
    const found = await hunt(RIGHT, options);
    expect(describeHunt(found)).toBe('no promise was broken');
    expect(found.events).toBeGreaterThanOrEqual(EVENTS);
  },
  TIMEOUT,
);

test(
  'each design rule is needed: without it some history breaks a promise',
  async () => {
    const killed = await killMutants(MUTANTS, MUTANTS_SEED, HISTORIES);
    expect(killed.filter(({ histories }) => histories === null).map(({ name }) => name)).toEqual([]);
    expect(killed.length).toBeGreaterThanOrEqual(25);
  },
  TIMEOUT,
);

test(
  'what only saves work breaks no promise when it is gone',
  async () => {
    const killed = await killMutants(EQUIVALENT, SEED, 30);
    expect(killed.filter(({ histories }) => histories !== null)).toEqual([]);
  },
  TIMEOUT,
);

test('a seed gives the same histories, and the same end', async () => {
  const broken = { ...RIGHT, unreadable: 'is dropped' as const };
  const some = { ...options, events: 2000 };
  const [first, again] = [await hunt(broken, some), await hunt(broken, some)];
  expect(first.broken).not.toBeNull();
  expect(again).toEqual(first);
});

test('a broken promise is told with the shortest history that breaks it', async () => {
  const found = await hunt({ ...RIGHT, answersFirst: true }, options);
  expect(found.broken?.history.map(({ type }) => type)).toEqual(['Produce', 'Land']);
  expect(describeHunt(found)).toContain(
    'acknowledged before it was durable\nseed 4, shortest history:\n{"type":"Produce"',
  );
});
