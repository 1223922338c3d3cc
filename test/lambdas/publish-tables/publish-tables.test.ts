import { publishTables } from '../../../lambdas/publish-tables/publish-tables.ts';
import type { Catalogue, SlotPointer, TableName } from '../../../lambdas/shared/ports.ts';
import type { Slot } from '../../../lib/plan/plan.ts';
import {
  afterCommits,
  CALENDAR,
  LINES,
  NOTHING,
  PERFORMANCE,
  planOf,
  SALES,
  soundResults,
} from '../../lib/plan/commerce.ts';
import { MemoryLedger } from '../fakes/memory-ledger.ts';
import { MemoryDocuments } from '../fakes/memory-stores.ts';

const plan = planOf(afterCommits(NOTHING, 4));
const PLAN = 's3://o/plan.json';
const now = '2011-01-04T12:00:00.000Z';
const made = {
  contractVersion: expect.stringMatching(/^\d+\.\d+\.\d+$/),
  model: expect.stringMatching(/^[0-9a-f]{16}$/),
};
const tables = {
  [CALENDAR]: { version: 1, rows: 10, ...made },
  [SALES]: { version: 1, rows: 10, ...made },
  [PERFORMANCE]: { version: 1, rows: 10, ...made },
};
const published = { slot: 'green', runId: plan.runId, publishedAt: now, tables };
const publication = {
  ...published,
  type: 'publication',
  v: 1,
  id: plan.runId,
  builtAt: plan.createdAt,
  builtFrom: { [LINES]: 3 },
};
const inSlot = (slot: Slot) => ({
  'commerce_gold.gold_dim_date': `s3://g/commerce/${slot}/gold_dim_date`,
  'commerce_gold.gold_fact_sales': `s3://g/commerce/${slot}/gold_fact_sales`,
  'commerce_gold.gold_product_performance': `s3://g/commerce/${slot}/gold_product_performance`,
});

class Seen implements Catalogue, SlotPointer {
  locations: Record<string, string> = inSlot('blue');
  slot: Slot = 'blue';
  failsOnce = '';

  async locate({ database, table }: TableName, uri: string): Promise<void> {
    if (this.failsOnce === table) {
      this.failsOnce = '';
      throw new Error('Glue is down');
    }
    this.locations[`${database}.${table}`] = uri;
  }

  async set(slot: Slot): Promise<void> {
    this.slot = slot;
  }
}

async function world() {
  const ledger = new MemoryLedger();
  const documents = new MemoryDocuments();
  const seen = new Seen();
  await ledger.claim({ domain: 'commerce', runId: plan.runId, trigger: 'a commit', at: now });
  await ledger.recordSlot(plan, 'green', { inputs: { [LINES]: 3 }, tables: {} });
  await documents.write(PLAN, plan);
  await documents.write(plan.results.model, soundResults(plan, 'model'));
  const publisher = { ledger, documents, catalogue: seen, pointer: seen, goldBucket: 'g' };
  return { ledger, seen, publish: () => publishTables(publisher, PLAN, now) };
}

test('all gold tables are shown in the slot that was built', async () => {
  const { ledger, seen, publish } = await world();
  expect(await publish()).toEqual(publication);
  expect(seen).toMatchObject({ locations: inSlot('green'), slot: 'green' });
  expect(await ledger.published('commerce')).toEqual({ ...published, publication: plan.runId });
});

test('what is published is kept with its versions and those of silver that it was built from', async () => {
  const { ledger, publish } = await world();
  await publish();
  expect(await ledger.publications('commerce', 10)).toEqual([publication]);
});

test('publishing again changes nothing', async () => {
  const { ledger, seen, publish } = await world();
  await publish();
  expect(await publish()).toEqual(publication);
  expect(seen.locations).toEqual(inSlot('green'));
  expect(await ledger.publications('commerce', 10)).toHaveLength(1);
});

test('when a table cannot be shown, consumers see the former slot of all tables', async () => {
  const { ledger, seen, publish } = await world();
  seen.failsOnce = 'gold_product_performance';
  await expect(publish()).rejects.toThrow('Glue is down');
  expect(seen).toMatchObject({ locations: inSlot('blue'), slot: 'blue' });
  expect(await ledger.published('commerce')).toBeNull();
  expect(await ledger.publications('commerce', 10)).toEqual([]);
});

test('a run that lost its domain publishes nothing', async () => {
  const { ledger, seen, publish } = await world();
  await ledger.claim({ domain: 'commerce', runId: 'r9', replaces: plan.runId, trigger: 'x', at: now });
  await expect(publish()).rejects.toThrow('no longer holds domain');
  expect(seen).toMatchObject({ locations: inSlot('blue'), slot: 'blue' });
});
