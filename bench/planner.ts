// How long a run's plan takes in a large domain with a long past: npm run bench:planner -- [--json] [--tables n] [--ranges n]
// Bronze is committed to and runs are planned, one after the other, until so many version ranges were planned; then the
// median over these runs is told. Each run finds in the ledger what the ones before it left there.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Contract, tableId } from '../lib/contract/contract.ts';
import { explainPlan } from '../lib/plan/explain-plan.ts';
import type { Override } from '../lib/plan/override.ts';
import type { Plan } from '../lib/plan/plan.ts';
import { type PlanInput, planRun } from '../lib/plan/plan-run.ts';
import { afterRun, NOTHING } from '../test/lib/plan/commerce.ts';
import { figuresOf } from './measure.ts';
import { generateDomain, generateHistories } from './planner/generate-domain.ts';

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    tables: { type: 'string', default: '1000' },
    ranges: { type: 'string', default: '100000' },
  },
});

const contracts = generateDomain(Number(values.tables));
const bronze = contracts.filter(({ layer }) => layer === 'bronze').map(tableId);

/** One to five commits to each table of bronze. */
const afterCommits = (input: PlanInput, run: number): PlanInput => ({
  ...input,
  versions: {
    ...input.versions,
    ...Object.fromEntries(bronze.map((id, at) => [id, (input.versions[id] ?? -1) + 1 + ((run + at) % 5)])),
  },
});

/** In each run somebody vouches for a rule; nothing of that is ever forgotten. */
function overrideOf({ createdAt }: PlanInput, run: number): Override {
  const contract = contracts[(run * 13) % contracts.length] as Contract;
  const until = new Date(Date.parse(createdAt) + 86_400_000).toISOString();
  return {
    ...{ table: tableId(contract), rule: 'parent', approver: 'ann', reason: 'known', runId: `r${run}` },
    ...{ approvedAt: createdAt, until },
  };
}

function planned(input: PlanInput): { plan: Plan; seconds: number } {
  const started = performance.now();
  const decision = planRun(input);
  const lines = explainPlan(input, decision);
  const seconds = (performance.now() - started) / 1000;
  if (!decision.hasWork || lines.every(({ action }) => action === 'skip')) throw new Error('a run found nothing to do');
  return { plan: decision.plan, seconds };
}

let world: PlanInput = {
  ...NOTHING,
  domain: 'made',
  contracts,
  histories: generateHistories(contracts, NOTHING.createdAt),
};
const seconds: number[] = [];
let ranges = 0;
for (let run = 0; ranges < Number(values.ranges); run++) {
  world = { ...afterCommits(world, run), overrides: [...world.overrides, overrideOf(world, run)] };
  const { plan, seconds: took } = planned(world);
  seconds.push(took);
  ranges += plan.refine.length;
  world = afterRun(world, plan);
}

const { median, max } = figuresOf(seconds);
const figures = {
  ...{ tables: contracts.length, ranges, runs: seconds.length },
  ...{ seconds: Number(median.toFixed(3)), maxSeconds: Number(max.toFixed(3)), load: loadavg()[0] },
};
for (const [name, value] of Object.entries(figures)) process.stdout.write(`${name.padEnd(10)} ${value}\n`);
if (values.json) process.stdout.write(`${JSON.stringify(figures)}\n`);
