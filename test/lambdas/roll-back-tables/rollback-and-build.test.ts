import fc from 'fast-check';
import { type RollBacker, rollBackTables } from '../../../lambdas/roll-back-tables/roll-back-tables.ts';
import type { TableRestorer } from '../../../lambdas/shared/ports.ts';
import { tableId } from '../../../lib/contract/contract.ts';
import type { Slot } from '../../../lib/plan/plan.ts';
import { planRun } from '../../../lib/plan/plan-run.ts';
import type { PastTable } from '../../../lib/publish/past-tables.ts';
import type { Publication } from '../../../lib/publish/publication.ts';
import { LINES, NOTHING } from '../../lib/plan/commerce.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';

const DOMAIN = 'commerce';
const HOUR = 3_600_000;
const contracts = NOTHING.contracts.filter(({ layer }) => layer !== 'bronze');
const gold = contracts.filter(({ layer }) => layer === 'gold');

/** What a gold table was built of: a version of silver, and the run that read it. */
interface Part {
  readonly silver: number;
  readonly run: number;
}

/**
 * A domain with all its gold tables as one: each slot is a log of what it held, version by version. Runs plan as they
 * do, and build by adding what silver has gained to what they find.
 */
class World implements TableRestorer {
  readonly ledger = new MemoryLedger();
  readonly logs: Record<Slot, (readonly Part[])[]> = { blue: [[]], green: [[]] };
  /** By run, what it published. */
  readonly published = new Map<string, readonly Part[]>();
  private silver = 0;
  private calls = 0;

  commit(): void {
    this.silver++;
  }

  async run(isBlocked: boolean): Promise<void> {
    const [now, id] = this.tick();
    const lease = { domain: DOMAIN, runId: id };
    const decision = planRun({ ...NOTHING, runId: id, createdAt: now, contracts, ...(await this.known()) });
    if (!decision.hasWork || !decision.plan.model) return;
    const { slot, inputs } = decision.plan.model;
    const from = inputs.find(({ id: table }) => table === LINES)?.builtFromVersion ?? null;
    const tables = this.build(slot, from);
    const builtFrom = { [LINES]: this.silver };
    await this.ledger.claim({ ...lease, trigger: 'a commit', at: now });
    await this.ledger.recordSlot(lease, slot, { inputs: builtFrom, tables });
    const publication: Publication = {
      ...{ type: 'publication', v: 1, id, runId: id, slot, builtAt: now, publishedAt: now, tables, builtFrom },
    };
    if (!isBlocked) await this.ledger.recordPublication(lease, publication);
    if (!isBlocked) this.published.set(id, this.held(slot));
    await this.ledger.release(lease);
  }

  private build(slot: Slot, from: number | null) {
    const kept = from === null ? [] : this.held(slot);
    const read = Array.from({ length: this.silver - (from ?? -1) }, (_, index) => index + (from ?? -1) + 1);
    this.logs[slot].push([...kept, ...read.map((silver) => ({ silver, run: this.calls }))]);
    return this.versionsOf(slot);
  }

  private versionsOf(slot: Slot): Publication['tables'] {
    const table = { version: this.logs[slot].length - 1, rows: this.held(slot).length };
    return Object.fromEntries(gold.map((contract) => [tableId(contract), table]));
  }

  private async known() {
    const versions = Object.fromEntries(contracts.map((contract) => [tableId(contract), this.silver]));
    const slots = Object.fromEntries(await this.ledger.slots(DOMAIN));
    const published = (await this.ledger.published(DOMAIN))?.slot ?? null;
    return { versions, slots, published, hold: await this.ledger.goldHold(DOMAIN) };
  }

  held(slot: Slot): readonly Part[] {
    return this.logs[slot].at(-1) ?? [];
  }

  async visible(): Promise<readonly Part[]> {
    const slot = (await this.ledger.published(DOMAIN))?.slot;
    return slot ? this.held(slot) : [];
  }

  /** To any of what was published, or to the one before. */
  async rollBack(choice: number) {
    const publications = await this.ledger.publications(DOMAIN, 99);
    const to = choice === 0 ? undefined : publications[choice % (publications.length + 1)]?.id;
    const launcher = { ledger: this.ledger, executions: new MemoryExecutions(), settleSeconds: 0 };
    const nothing = { locate: async () => undefined, set: async () => undefined };
    const rollBacker: RollBacker = {
      ...{ launcher, ledger: this.ledger, contracts: gold, restorer: this, goldBucket: 'g' },
      ...{ catalogue: nothing, pointer: nothing, bus: { goldRolledBack: async () => undefined } },
    };
    const [now, id] = this.tick();
    const call = { holder: 'rollback', id, nextRunId: 'none', now, until: now };
    return rollBackTables(rollBacker, { domain: DOMAIN, by: 'ada', reason: 'a test', to }, call);
  }

  async check() {
    return [];
  }

  async restore(tables: readonly PastTable[]): Promise<PastTable[]> {
    const [{ slot, version } = { slot: null, version: 0 }] = tables;
    const log = this.logs[slot ?? 'blue'];
    if (version < log.length - 1) log.push(log[version] ?? []);
    return tables.map((table) => ({ ...table, version: log.length - 1 }));
  }

  /** Time goes on with each call; ids sort by it. */
  private tick(): [string, string] {
    this.calls++;
    const at = new Date(Date.UTC(2011, 0, 1) + this.calls * HOUR).toISOString();
    return [at, `${DOMAIN}-${String(this.calls).padStart(4, '0')}`];
  }
}

const numbers = (parts: readonly Part[]): number[] => parts.map(({ silver }) => silver).sort((a, b) => a - b);
const runOf = (id: string): number => Number(id.split('-').at(-1));

const events = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant({ type: 'commit' as const }) },
    { weight: 4, arbitrary: fc.record({ type: fc.constant('run' as const), isBlocked: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ type: fc.constant('rollback' as const), choice: fc.nat(5) }) },
    { weight: 1, arbitrary: fc.constant({ type: 'release' as const }) },
  ),
  { maxLength: 25 },
);

test('whatever is rolled back, gold holds each version of silver once after release and run, as if it had not been', async () => {
  await fc.assert(
    fc.asyncProperty(events, async (happenings) => {
      const world = new World();
      for (const happening of happenings) {
        if (happening.type === 'commit') world.commit();
        else if (happening.type === 'run') await world.run(happening.isBlocked);
        else if (happening.type === 'release') await world.ledger.releaseGold(DOMAIN, { by: 'ada', at: '' });
        else await rollBackAndLook(world, happening.choice);
      }
      await world.ledger.releaseGold(DOMAIN, { by: 'ada', at: '' });
      for (let run = 0; run < 2; run++) {
        world.commit();
        await world.run(false);
        const seen = numbers(await world.visible());
        expect(seen).toEqual(seen.map((_, index) => index));
        expect(seen.length).toBeGreaterThan(1);
      }
    }),
    { numRuns: 300 },
  );
});

/** Nothing that was built after the publication is left in what a next run builds on. */
async function rollBackAndLook(world: World, choice: number): Promise<void> {
  const answer = await world.rollBack(choice);
  if (answer.type === 'Refused') return;
  const last = runOf(answer.publication.runId);
  const seen = await world.visible();
  expect(seen).toEqual(world.published.get(answer.publication.runId));
  for (const [slot, { inputs }] of await world.ledger.slots(DOMAIN))
    if (inputs[LINES] !== undefined)
      expect(Math.max(...world.held(slot).map(({ run }) => run))).toBeLessThanOrEqual(last);
  await world.run(false);
  expect(await world.visible()).toEqual(seen);
}
