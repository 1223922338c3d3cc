import fc from 'fast-check';
import { type Contract, type Layer, tableId } from '../../../lib/contract/contract.ts';
import { explainPlan, type PlanLine } from '../../../lib/plan/explain-plan.ts';
import type { Plan } from '../../../lib/plan/plan.ts';
import { type PlanInput, planRun } from '../../../lib/plan/plan-run.ts';
import { afterRun, NOTHING } from './commerce.ts';
import { anyWorld, domain } from './random-domain.ts';

const planOf = (input: PlanInput): Plan | null => {
  const decision = planRun(input);
  return decision.hasWork ? decision.plan : null;
};

const ofLayer = ({ contracts }: PlanInput, layer: Contract['layer']): Contract[] =>
  contracts.filter((contract) => contract.layer === layer);

const inputsOf = ({ contracts }: PlanInput, table: string): string[] =>
  contracts.filter((contract) => tableId(contract) === table).flatMap(({ inputs }) => inputs.map((each) => each.table));

interface Written {
  readonly table: string;
  readonly reads: readonly string[];
}

/** What a plan writes, in the order of its steps, and what it takes for it. */
const written = (input: PlanInput, plan: Plan | null): Written[] => [
  ...(plan?.refine ?? []).map(({ table, source }) => ({ table, reads: [source.table] })),
  ...(plan?.model?.tables ?? []).map(({ id }) => ({ table: id, reads: inputsOf(input, id) })),
];

test('no table comes before its inputs: each exists already, or is written earlier in the plan', () => {
  fc.assert(
    fc.property(anyWorld, (input) => {
      const order = written(input, planOf(input));
      for (const [place, { table, reads }] of order.entries()) {
        for (const source of reads) {
          const last = order.findLastIndex((each) => each.table === source);
          // Rows that wait to be judged again lie in what was read before, also while the table itself is not seen.
          const isThere = input.versions[source] !== undefined || input.consumed[table]?.[source] !== undefined;
          expect(last >= 0 ? last < place : isThere).toBe(true);
        }
      }
    }),
  );
});

test('what a model reads is in the plan with the version that its slot was built from, where silver still has it', () => {
  fc.assert(
    fc.property(anyWorld, (input) => {
      const model = planOf(input)?.model;
      for (const { id, builtFromVersion } of model?.inputs ?? []) {
        if (builtFromVersion === null) continue;
        expect(builtFromVersion).toBe(input.slots[model?.slot ?? 'blue']?.inputs[id]);
        expect(builtFromVersion).toBeLessThanOrEqual(input.versions[id] ?? -1);
      }
      const read = new Set((model?.tables ?? []).flatMap(({ id }) => inputsOf(input, id)));
      expect(new Set(model?.inputs.map(({ id }) => id))).toEqual(read);
    }),
  );
});

/** What may happen to a domain of any shape; numbers choose among its tables. */
const happenings = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('commits' as const), table: fc.nat(9), count: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ type: fc.constant('compaction' as const), table: fc.nat(9) }),
    fc.record({ type: fc.constant('replay' as const), table: fc.nat(9) }),
    fc.record({ type: fc.constant('run' as const), isBlocked: fc.boolean() }),
  ),
  { maxLength: 20 },
);
type Happening = typeof happenings extends fc.Arbitrary<(infer T)[]> ? T : never;

/** Rows where there were none, or only the version: as compaction makes it. */
function afterVersions(input: PlanInput, table: string, count: number, hasRows: boolean): PlanInput {
  const last = input.versions[table];
  if (last === undefined && !hasRows) return input;
  const { [table]: unchanged = last ?? -1, ...others } = input.unchangedSince;
  return {
    ...input,
    versions: { ...input.versions, [table]: (last ?? -1) + count },
    unchangedSince: hasRows ? others : { ...others, [table]: unchanged },
  };
}

function after(input: PlanInput, happening: Exclude<Happening, { type: 'run' }>): PlanInput {
  const layers: Layer[] = happening.type === 'commits' ? ['bronze'] : ['bronze', 'silver'];
  const among = input.contracts.filter(({ layer }) =>
    happening.type === 'replay' ? layer === 'silver' : layers.includes(layer),
  );
  const contract = among[happening.table % (among.length || 1)];
  if (!contract) return input;
  const table = tableId(contract);
  if (happening.type === 'replay')
    return { ...input, replays: [...input.replays, { table, uri: `s3://o/${input.replays.length}.json` }] };
  return afterVersions(input, table, happening.type === 'commits' ? happening.count : 1, happening.type === 'commits');
}

test('whatever happens to a domain, no version of bronze is read twice for a table, and none with rows is left', () => {
  fc.assert(
    fc.property(domain, happenings, (contracts, events) => {
      const read = new Map<string, number[]>();
      let world: PlanInput = { ...NOTHING, domain: 'shop', contracts };
      for (const event of [...events, { type: 'run' as const, isBlocked: false }]) {
        if (event.type !== 'run') {
          world = after(world, event);
          continue;
        }
        const plan = planOf(world);
        for (const { table, source } of plan?.refine ?? []) {
          const pair = `${table} of ${source.table}`;
          for (let version = source.fromVersion; version <= source.toVersion; version++)
            read.set(pair, [...(read.get(pair) ?? []), version]);
        }
        const { published } = world;
        if (plan) world = { ...afterRun(world, plan), ...(event.isBlocked && { published }) };
      }
      for (const contract of ofLayer(world, 'silver')) {
        for (const { table: source } of contract.inputs) {
          const versions = read.get(`${tableId(contract)} of ${source}`) ?? [];
          expect(versions).toEqual(versions.map((_, index) => index));
          expect(versions.length - 1).toBeGreaterThanOrEqual(
            world.unchangedSince[source] ?? world.versions[source] ?? -1,
          );
        }
      }
    }),
  );
});

/** The last version of a table that changed rows; none when there is no table. */
const lastChange = ({ versions, unchangedSince }: PlanInput, table: string): number | undefined =>
  versions[table] === undefined ? undefined : (unchangedSince[table] ?? versions[table]);

/** Said anew, and not as the planner does: whether a reader that took a table up to a version misses rows of it. */
function misses(input: PlanInput, table: string, taken: number | undefined): boolean {
  const [latest, changed] = [input.versions[table], lastChange(input, table)];
  if (latest === undefined || changed === undefined) return false;
  return taken === undefined || taken < changed || taken > latest;
}

function isGoldBehind(input: PlanInput, contract: Contract): boolean {
  const seen = input.published ? input.slots[input.published] : undefined;
  const built = seen?.tables[tableId(contract)];
  if (!seen || !built) return true;
  const isOtherMajor = built.contractVersion !== undefined && built.contractVersion[0] !== contract.version[0];
  return isOtherMajor || contract.inputs.some(({ table }) => misses(input, table, seen.inputs[table]));
}

/** Said anew: whether the slot that is built has all rows of the table already, made by its contract. */
function isKept(input: PlanInput, { refine, model }: Plan, contract: Contract): boolean {
  const built = model && input.slots[model.slot]?.tables[tableId(contract)];
  const from = new Map(model?.inputs.map(({ id, builtFromVersion }) => [id, builtFromVersion ?? undefined]));
  return (
    built?.contractVersion === contract.version &&
    contract.inputs.every(
      ({ table }) => !refine.some((task) => task.table === table) && !misses(input, table, from.get(table)),
    )
  );
}

const lineOf = (lines: readonly PlanLine[], table: string, source?: string) =>
  lines.find((line) => line.table === table && line.source === source);

function whyOfGold({ hold }: PlanInput, isPossible: boolean): RegExp {
  if (hold) return /is held/;
  return isPossible ? /./ : /^there is no shop\.silver\.\w+( and no shop\.silver\.\w+)* yet$/;
}

test('nothing is forgotten: each table that is behind is in the plan, and each that is not in it says why', () => {
  fc.assert(
    fc.property(anyWorld, (input) => {
      const [plan, lines] = [planOf(input), explainPlan(input)];
      for (const contract of ofLayer(input, 'silver')) {
        for (const { table: source } of contract.inputs) {
          const [table, taken] = [tableId(contract), input.consumed[tableId(contract)]?.[source]];
          const task = plan?.refine.find((each) => each.table === table && each.source.table === source);
          const isAnew = taken !== undefined && taken > (input.versions[source] ?? -1);
          if (misses(input, source, taken))
            expect(task?.source).toMatchObject({
              fromVersion: taken === undefined || isAnew ? 0 : taken + 1,
              toVersion: input.versions[source],
            });
          else expect(task === undefined || task.replays.length > 0).toBe(true);
          expect(lineOf(lines, table, source)?.why).not.toBe('');
        }
      }
      const refined = new Set(plan?.refine.map(({ table }) => table));
      const possible = ofLayer(input, 'gold').filter(({ inputs }) =>
        inputs.every(({ table }) => refined.has(table) || input.versions[table] !== undefined),
      );
      const isDue =
        !input.hold &&
        possible.some(
          (contract) => isGoldBehind(input, contract) || contract.inputs.some(({ table }) => refined.has(table)),
        );
      const built = plan?.model?.tables.map(({ id }) => id) ?? [];
      expect(built.toSorted()).toEqual(isDue ? possible.map(tableId).toSorted() : []);
      for (const contract of ofLayer(input, 'gold'))
        expect(lineOf(lines, tableId(contract))).toMatchObject({
          action:
            !plan || !built.includes(tableId(contract)) ? 'skip' : isKept(input, plan, contract) ? 'keep' : 'build',
          why: expect.stringMatching(whyOfGold(input, possible.includes(contract))),
        });
    }),
  );
});

test('after a plan is carried out there is nothing to do', () => {
  fc.assert(
    fc.property(anyWorld, (input) => {
      const plan = planOf(input);
      const settled = plan ? afterRun(input, plan) : input;
      expect(planRun(settled)).toMatchObject({ hasWork: false });
      expect(explainPlan(settled).filter(({ action }) => action !== 'skip')).toEqual([]);
    }),
  );
});

test('the same input gives the same plan and the same words, in whatever order the contracts come', () => {
  const shuffled = anyWorld.chain((input) =>
    fc.tuple(fc.constant(input), fc.shuffledSubarray([...input.contracts], { minLength: input.contracts.length })),
  );
  fc.assert(
    fc.property(shuffled, ([input, contracts]) => {
      const other = { ...input, contracts };
      expect(JSON.stringify(planRun(other))).toBe(JSON.stringify(planRun(input)));
      expect(explainPlan(other)).toEqual(explainPlan(input));
    }),
  );
});
