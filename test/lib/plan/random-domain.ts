import fc from 'fast-check';
import { type Check, type Contract, type Layer, tableId } from '../../../lib/contract/contract.ts';
import { type PlanInput, planRun, type SlotState } from '../../../lib/plan/plan-run.ts';
import { afterRun, NOTHING } from './commerce.ts';

/** Their order by name says nothing about what feeds what. */
const NAMES = ['returns', 'visits', 'a_list', 'orders', 'zones', 'baskets'];

interface Choice {
  readonly name: string;
  /** Which tables of the layer below feed it, and which others its checks look into. */
  readonly inputs: readonly number[];
  readonly references: readonly number[];
  readonly major: number;
}

const tables = (least: number): fc.Arbitrary<Choice[]> =>
  fc.shuffledSubarray(NAMES, { minLength: least, maxLength: 5 }).chain((names) =>
    fc.tuple(
      ...names.map((name) =>
        fc.record({
          name: fc.constant(name),
          inputs: fc.uniqueArray(fc.nat(20), { minLength: 1, maxLength: 3 }),
          references: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
          major: fc.integer({ min: 1, max: 2 }),
        }),
      ),
    ),
  );

const chosen = <T>(from: readonly T[], numbers: readonly number[]): T[] => [
  ...new Set(numbers.flatMap((number) => from.slice(number % from.length, (number % from.length) + 1))),
];

function contractOf(layer: Layer, { name, major }: Choice, inputs: readonly string[], checks: Check[]): Contract {
  return {
    ...{ id: `shop-${layer}-${name}`, version: `${major}.0.0`, domain: 'shop', layer, table: name },
    ...{ description: '', granularity: '', columns: [], checks, relationships: [], slas: {}, roles: [], support: [] },
    ...{ inputs: inputs.map((table) => ({ table })), write: { mode: 'merge', keys: ['id'] }, owner: '', file: '' },
  };
}

const lookInto = (table: string): Check => ({
  ...{ id: `known:${table}`, name: 'known', kind: 'foreignKey', columns: ['id'], onFailure: 'warn' },
  references: { table, columns: ['id'] },
});

const idsOf = (layer: Layer, choices: readonly Choice[]): string[] =>
  choices.map(({ name }) => tableId({ domain: 'shop', layer, table: name }));

/** A few tables in each layer, fed at random by the layer below, whose checks look into each other in any order. */
export const domain: fc.Arbitrary<Contract[]> = fc
  .tuple(tables(1), tables(0), tables(0))
  .map(([bronze, silver, gold]) => {
    const [sources, refined, built] = [idsOf('bronze', bronze), idsOf('silver', silver), idsOf('gold', gold)];
    const checks = (from: readonly string[], { references }: Choice) => chosen(from, references).map(lookInto);
    return [
      ...bronze.map((table) => contractOf('bronze', table, [], [])),
      ...silver.map((table) => contractOf('silver', table, chosen(sources, table.inputs), checks(refined, table))),
      ...gold.map((table) =>
        contractOf('gold', table, chosen(refined, table.inputs), checks([...refined, ...built], table)),
      ),
    ].filter(({ layer, inputs }) => layer === 'bronze' || inputs.length > 0);
  });

const version = fc.nat(6);
/** A number for some of the keys. */
const some = <T>(keys: readonly string[], value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
  fc.tuple(...keys.map(() => fc.option(value))).map((values) =>
    Object.fromEntries(
      keys.flatMap((key, at) => {
        const found = values[at];
        return found === null || found === undefined ? [] : [[key, found] as const];
      }),
    ),
  );

/** A slot as some run left it, perhaps long ago and by other contracts. */
const slot = (silver: readonly string[], gold: readonly string[]): fc.Arbitrary<SlotState> =>
  fc.record({
    inputs: some(silver, version),
    tables: some(
      gold,
      fc.constantFrom({ contractVersion: '1.0.0' }, { contractVersion: '2.3.1' }, {}) as fc.Arbitrary<{
        contractVersion?: string;
      }>,
    ),
  });

/** Whatever the ledger and the tables may say of a domain, whether or not it could ever come to that. */
const strangeWorld: fc.Arbitrary<PlanInput> = domain.chain((contracts) => {
  const ids = (layer: Layer) => contracts.filter((contract) => contract.layer === layer).map(tableId);
  const [bronze, silver, gold] = [ids('bronze'), ids('silver'), ids('gold')];
  const slots = fc.record(
    { blue: slot(silver, gold), green: slot(silver, gold) },
    { requiredKeys: [] },
  ) as fc.Arbitrary<PlanInput['slots']>;
  return fc
    .record({
      versions: some([...bronze, ...silver], version),
      unchanged: some([...bronze, ...silver], version),
      consumed: some(silver, some(bronze, version)),
      slots,
      published: fc.constantFrom(null, 'blue' as const, 'green' as const),
      hold: fc.constantFrom(null, null, null, { by: 'ada', reason: 'doubled', since: '2011-01-04T09:00:00Z' }),
      replays: fc.subarray(silver.map((table) => ({ table, uri: `s3://o/${table}.json` }))),
    })
    .map(({ unchanged, ...known }): PlanInput => {
      const unchangedSince = Object.entries(unchanged).filter(([id, last]) => last <= (known.versions[id] ?? -1));
      return {
        ...{ ...NOTHING, ...known, domain: 'shop', contracts },
        unchangedSince: Object.fromEntries(unchangedSince),
      };
    });
});

const settled = (input: PlanInput): PlanInput => {
  const decision = planRun(input);
  return decision.hasWork ? afterRun(input, decision.plan) : input;
};

/** One more commit to a table that there is. */
function withCommit(input: PlanInput, table: string): PlanInput {
  const { [table]: _, ...unchangedSince } = input.unchangedSince;
  return { ...input, versions: { ...input.versions, [table]: (input.versions[table] ?? -1) + 1 }, unchangedSince };
}

/** Consumers see a gold table as another major version of its contract made it, or not at all. */
function withOtherGold(input: PlanInput, table: string, contractVersion: string | undefined): PlanInput {
  const { published } = input;
  const seen = published && input.slots[published];
  if (!seen) return input;
  const { [table]: _, ...others } = seen.tables;
  const tables = { ...others, ...(contractVersion !== undefined && { [table]: { contractVersion } }) };
  return { ...input, slots: { ...input.slots, [published]: { ...seen, tables } } };
}

/** A domain in which all was done, and one thing happened since: by that alone something is behind. */
const almostSettled: fc.Arbitrary<PlanInput> = fc
  .tuple(strangeWorld, fc.nat(20), fc.constantFrom('1.0.0', '2.0.0', '3.0.0', undefined))
  .map(([input, number, contractVersion]) => {
    const world = settled(input);
    const contract = world.contracts[number % world.contracts.length];
    if (!contract) return world;
    const table = tableId(contract);
    return contract.layer === 'gold' ? withOtherGold(world, table, contractVersion) : withCommit(world, table);
  });

export const anyWorld: fc.Arbitrary<PlanInput> = fc.oneof(strangeWorld, almostSettled);
