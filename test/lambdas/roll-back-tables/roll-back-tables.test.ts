import { type RollBacker, rollBackTables } from '../../../lambdas/roll-back-tables/roll-back-tables.ts';
import type {
  Catalogue,
  RolledBackGold,
  SlotPointer,
  TableName,
  TableRestorer,
} from '../../../lambdas/shared/ports.ts';
import type { Contract } from '../../../lib/contract/contract.ts';
import type { Slot } from '../../../lib/plan/plan.ts';
import type { PastTable } from '../../../lib/publish/past-tables.ts';
import { PRODUCTS, publicationOf, SALES } from '../../lib/publish/publications.ts';
import { MemoryExecutions } from '../fakes/memory-executions.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';

const now = '2011-01-05T12:00:00.000Z';
const until = '2011-01-05T12:08:00.000Z';
const CALL = { holder: 'rollback-1', id: 'shop-9', nextRunId: 'shop-10', now, until };
const REQUEST = { domain: 'shop', by: 'ada', reason: 'totals are doubled' };
const contracts = ['sales', 'products'].map(
  (table) => ({ domain: 'shop', layer: 'gold', table, version: '1.2.0' }) as Contract,
);

/** Who reads gold downstream. */
class Readers {
  readonly told: RolledBackGold[] = [];
  isDown = false;

  async goldRolledBack(rollback: RolledBackGold): Promise<void> {
    if (this.isDown) throw new Error('the bus is down');
    this.told.push(rollback);
  }
}

/** Tables in two slots, as consumers find them. A restore makes version 100 and up. */
class Lake implements Catalogue, SlotPointer, TableRestorer {
  readonly held: Record<Slot, Record<string, number>> = { blue: {}, green: {} };
  readonly lost: PastTable[] = [];
  /** All that consumers ever found, together. */
  readonly seen: string[] = [];
  slots: Record<string, Slot> = {};
  pointer: Slot = 'blue';
  failsAt = '';

  async locate({ table }: TableName, uri: string): Promise<void> {
    if (this.failsAt === table) {
      this.failsAt = '';
      throw new Error('Glue is down');
    }
    this.slots[table] = uri.split('/')[4] as Slot;
  }

  async set(slot: Slot): Promise<void> {
    this.pointer = slot;
    this.seen.push(`${slot} ${Object.values(this.held[slot]).join(' ')}`);
  }

  async check(tables: readonly PastTable[]) {
    const isLost = (table: PastTable) => this.lost.some((each) => JSON.stringify(each) === JSON.stringify(table));
    return tables.filter(isLost).map((table) => ({ ...table, reason: 'its files are deleted' }));
  }

  async restore(tables: readonly PastTable[]): Promise<PastTable[]> {
    for (const { table, slot, version } of tables) {
      if (!slot || Object.values(this.slots).includes(slot))
        throw new Error(`consumers see ${table} in ${slot} being changed`);
      this.held[slot][table] = version;
    }
    return tables.map((each) => ({ ...each, version: each.version + 100 }));
  }
}

/** Runs 1 to `last` have published, by turns in blue and green. */
async function world(last: number) {
  const ledger = new MemoryLedger();
  const [lake, readers] = [new Lake(), new Readers()];
  const launcher = { ledger, executions: new MemoryExecutions(), settleSeconds: 0 };
  const lease = { domain: 'shop', runId: 'r' };
  await ledger.claim({ ...lease, trigger: 'a commit', at: now });
  for (let number = 1; number <= last; number++) {
    const publication = publicationOf(number);
    const { slot, tables, builtFrom: inputs } = publication;
    await ledger.recordSlot(lease, slot, { inputs, tables });
    await ledger.recordPublication(lease, publication);
    lake.held[slot] = { [SALES]: number, [PRODUCTS]: number };
    lake.slots = { sales: slot, products: slot };
    lake.pointer = slot;
  }
  await ledger.release(lease);
  const rollBacker: RollBacker = {
    ...{ launcher, ledger, contracts, restorer: lake, catalogue: lake, pointer: lake, bus: readers, goldBucket: 'g' },
  };
  const goBack = (to?: string) => rollBackTables(rollBacker, { ...REQUEST, to }, CALL);
  return { ledger, lake, readers, launcher, goBack };
}

const versionsOf = async (ledger: MemoryLedger, slot: Slot) => {
  const state = (await ledger.slots('shop')).get(slot);
  return { inputs: state?.inputs, versions: Object.values(state?.tables ?? {}).map(({ version }) => version) };
};

describe('a rollback', () => {
  test('shows all tables of the publication before, and both slots hold what they are said to be built from', async () => {
    const { ledger, lake, goBack } = await world(3);
    const answer = await goBack();
    expect(lake.slots).toEqual({ sales: 'green', products: 'green' });
    expect(lake.held).toEqual({ green: { [SALES]: 2, [PRODUCTS]: 2 }, blue: { [SALES]: 1, [PRODUCTS]: 1 } });
    expect(await versionsOf(ledger, 'green')).toEqual({ inputs: { 'shop.silver.orders': 20 }, versions: [102, 102] });
    expect(await versionsOf(ledger, 'blue')).toEqual({ inputs: { 'shop.silver.orders': 10 }, versions: [101, 101] });
    expect(answer).toMatchObject({
      type: 'RolledBack',
      from: 'shop-3',
      publication: { id: 'shop-9', runId: 'shop-2' },
    });
  });

  test('is kept with who wanted it and why, and gold is held from then on', async () => {
    const { ledger, goBack } = await world(3);
    await goBack();
    const [newest] = await ledger.publications('shop', 1);
    const rollback = { by: 'ada', reason: 'totals are doubled' };
    expect(newest).toMatchObject({ id: 'shop-9', slot: 'green', publishedAt: now, rollback });
    expect(newest?.tables[SALES]).toEqual({ version: 102, rows: 20, contractVersion: '1.2.0' });
    expect(await ledger.published('shop')).toMatchObject({ publication: 'shop-9', runId: 'shop-2', slot: 'green' });
    expect(await ledger.goldHold('shop')).toEqual({ ...rollback, since: now });
  });

  test('is told to those who read gold downstream, and stands when the bus is down', async () => {
    const { readers, goBack } = await world(3);
    const answer = await goBack();
    expect(answer).not.toHaveProperty('untold');
    expect(readers.told).toMatchObject([
      { domain: 'shop', from: 'shop-3', reason: REQUEST.reason, published: { publication: 'shop-9', runId: 'shop-2' } },
    ]);
    readers.isDown = true;
    expect(await goBack('shop-1')).toMatchObject({ type: 'RolledBack', untold: 'the bus is down' });
  });

  test('to what lies in the slot that is seen shows the other slot while it is restored', async () => {
    const { ledger, lake, goBack } = await world(4);
    await goBack('shop-2');
    expect(lake.seen).toEqual(['blue 1 1', 'green 2 2']);
    expect(lake.pointer).toBe('green');
    expect(await versionsOf(ledger, 'blue')).toEqual({ inputs: { 'shop.silver.orders': 10 }, versions: [101, 101] });
    expect(await ledger.publications('shop', 9)).toHaveLength(5);
  });

  test('has the other slot built in full where nothing is left of what it held before', async () => {
    const { ledger, lake, goBack } = await world(3);
    lake.lost.push({ table: SALES, slot: 'blue', version: 1 });
    await goBack();
    expect(await versionsOf(ledger, 'blue')).toEqual({ inputs: {}, versions: [] });
  });

  test('is refused before anything is changed where a file of one table is gone', async () => {
    const { ledger, lake, goBack } = await world(3);
    lake.lost.push({ table: PRODUCTS, slot: 'green', version: 2 });
    const before = structuredClone({ held: lake.held, slots: lake.slots });
    const reason = `publication 'shop-2' is gone: ${PRODUCTS}: its files are deleted`;
    expect(await goBack()).toEqual({ type: 'Refused', reason });
    expect({ held: lake.held, slots: lake.slots }).toEqual(before);
    expect(await ledger.goldHold('shop')).toBeNull();
    expect((await ledger.domainState('shop')).activeRun).toBeUndefined();
  });

  test('is refused while a run has the domain', async () => {
    const { ledger, goBack } = await world(3);
    await ledger.claim({ domain: 'shop', runId: 'shop-4', trigger: 'a commit', at: now });
    const reason = "'shop-4' has domain 'shop', and may be building gold; try again when it has ended";
    expect(await goBack()).toEqual({ type: 'Refused', reason });
    expect((await ledger.domainState('shop')).activeRun).toBe('shop-4');
  });

  test('starts the run that had to wait for it', async () => {
    const { ledger, lake, launcher, goBack } = await world(3);
    const restore = lake.restore.bind(lake);
    lake.restore = async (tables) => {
      await ledger.markDirty('shop');
      return restore(tables);
    };
    await goBack();
    expect(launcher.executions.started).toMatchObject([{ runId: 'shop-10', trigger: "commits during 'rollback-1'" }]);
  });

  test('that breaks leaves consumers with one publication, and slots that the next run may build on', async () => {
    const { ledger, lake, goBack } = await world(3);
    lake.failsAt = 'products';
    await expect(goBack()).rejects.toThrow('Glue is down');
    expect([lake.slots, lake.pointer]).toEqual([{ sales: 'blue', products: 'blue' }, 'blue']);
    expect(await ledger.published('shop')).toMatchObject({ publication: 'shop-3' });
    expect(await versionsOf(ledger, 'green')).toEqual({ inputs: { 'shop.silver.orders': 20 }, versions: [102, 102] });
    expect((await ledger.domainState('shop')).activeRun).toBeUndefined();
    expect(await goBack()).toMatchObject({ type: 'RolledBack' });
  });

  test('that breaks between two tables has their slot built in full', async () => {
    const { ledger, lake, goBack } = await world(3);
    lake.restore = () => Promise.reject(new Error('S3 is down'));
    await expect(goBack()).rejects.toThrow('S3 is down');
    expect(await versionsOf(ledger, 'green')).toEqual({ inputs: {}, versions: [] });
    expect(lake.slots.sales).toBe('blue');
  });
});
