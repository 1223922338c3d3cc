// How long a run's plan takes in a large domain with a long past: npm run bench:planner -- [--json] [--tables n] [--ranges n]
// Bronze is committed to and runs are planned, one after the other, until so many version ranges were planned; then the
// median over these runs is told. Each run finds in the ledger what the ones before it left there.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { type Contract, tableId } from '../lib/contract/contract.ts';
import { estimatePlan, type KnownSizes, type PastStep, rangeName, rangesToMeasure } from '../lib/plan/estimate-plan.ts';
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

/** What logs and ledger would tell, of the ranges of this plan alone. */
function sizesOf(input: PlanInput, plan: Plan): KnownSizes {
  const ranges = rangesToMeasure(input, plan);
  const each = (value: number) => new Map(contracts.map((contract) => [tableId(contract), value]));
  return {
    ranges: new Map(ranges.map((range) => [rangeName(range), { rows: 1000, files: 2, bytes: 100_000 }])),
    ...{ rows: each(50_000), yields: each(3), past: PAST },
  };
}

const PAST: readonly PastStep[] = Array.from({ length: 100 }, (_, run) => ({
  ...{ step: run % 2 === 0 ? 'refine' : 'model', rows: 1000 * run, minutes: 2 + run, cost: 0.1 + run / 100 },
}));

/** Everything that `sluice plan` works out; what it reads for that is not in the time. */
function planned(input: PlanInput): { plan: Plan; seconds: number } {
  const decision = planRun(input);
  if (!decision.hasWork) throw new Error('a run found nothing to do');
  const sizes = sizesOf(input, decision.plan);
  // What was looked up for the sizes is not there for a run either.
  const fresh = { ...input };
  const started = performance.now();
  const again = planRun(fresh);
  const lines = explainPlan(fresh, again);
  const { total } = estimatePlan(fresh, decision.plan, sizes);
  const seconds = (performance.now() - started) / 1000;
  if (total.minutes === null || lines.every(({ action }) => action === 'skip')) throw new Error('nothing was told');
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
