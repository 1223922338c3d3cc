// How many events' worth of histories the simulator plays in a minute, and which mutants it finds out:
// npm run bench:simulation [-- --events n] [-- --seed n] [-- --cores n] [-- --json]
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { EQUIVALENT, killMutants, MUTANTS } from '../test/simulation/mutants.ts';
import { RIGHT } from '../test/simulation/rules.ts';
import { describeHunt, hunt } from '../test/simulation/simulate.ts';

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    cores: { type: 'string', default: String(availableParallelism()) },
    json: { type: 'boolean', default: false },
    /** Plays on one core and prints what it found; the bench starts itself with this. */
    share: { type: 'boolean', default: false },
  },
});

interface Share {
  readonly histories: number;
  readonly events: number;
  readonly violation: string | null;
}

const HISTORIES_PER_MUTANT = 4000;

async function playShare(seed: number, events: number): Promise<Share> {
  const found = await hunt(RIGHT, { seed, events, histories: Number.MAX_SAFE_INTEGER, shrinks: true });
  const { histories, events: played, broken } = found;
  return { histories, events: played, violation: broken && describeHunt(found) };
}

/** One process a core, each with seeds of its own. */
function startShare(seed: number, events: number): Promise<Share> {
  const self = fileURLToPath(import.meta.url);
  const flags = ['--share', '--seed', String(seed), '--events', String(events)];
  const child = spawn(process.execPath, [...process.execArgv, self, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(output)) : reject(new Error(`a share ended with ${code}`)),
    );
  });
}

async function measure(): Promise<void> {
  const [seed, events, cores] = [Number(values.seed), Number(values.events), Number(values.cores)];
  const started = performance.now();
  const shares = await Promise.all(
    Array.from({ length: cores }, (_, core) => startShare(seed + 1_000_000 * core, Math.ceil(events / cores))),
  );
  const minutes = (performance.now() - started) / 60_000;
  const total = shares.reduce((sum, share) => sum + share.events, 0);
  const violations = shares.flatMap(({ violation }) => violation ?? []);
  const killed = await killMutants(MUTANTS, seed, HISTORIES_PER_MUTANT);
  report({
    seed,
    cores,
    total,
    histories: shares.reduce((sum, share) => sum + share.histories, 0),
    minutes,
    violations,
    killed,
  });
}

interface Measured {
  readonly seed: number;
  readonly cores: number;
  readonly total: number;
  readonly histories: number;
  readonly minutes: number;
  readonly violations: readonly string[];
  readonly killed: Awaited<ReturnType<typeof killMutants>>;
}

function report({ seed, cores, total, histories, minutes, violations, killed }: Measured): void {
  const alive = killed.filter((mutant) => mutant.histories === null);
  const eventsPerMinute = Math.round(total / minutes);
  const mutantsKilled = killed.length - alive.length;
  const rate = ((100 * mutantsKilled) / killed.length).toFixed(1);
  print(`seed ${seed}, ${cores} cores: ${histories} histories of ${total} events, ${eventsPerMinute} events a minute`);
  print(`violations: ${violations.length}`, ...violations);
  print(`mutants killed: ${mutantsKilled} of ${killed.length} (${rate} %)`, '', 'histories  mutant');
  for (const { name, histories: taken } of killed) print(`${String(taken ?? 'alive').padStart(9)}  ${name}`);
  print('', `equivalent by design: ${EQUIVALENT.length}`);
  for (const { name, reason } of EQUIVALENT) print(`           ${name}: ${reason}`);
  if (values.json)
    print(JSON.stringify({ eventsPerMinute, violations: violations.length, mutants: killed.length, mutantsKilled }));
}

const print = (...lines: string[]): boolean => process.stdout.write(`${lines.join('\n')}\n`);

if (values.share) print(JSON.stringify(await playShare(Number(values.seed), Number(values.events))));
else await measure();
