import type { Plan, Slot } from '../../lib/plan/plan.ts';
import { FIRST_VISIBLE_SLOT } from '../../lib/plan/plan-run.ts';
import type { Ledger, PublishedTable } from '../shared/ledger.ts';
import type { Catalogue, JsonStore, SlotPointer } from '../shared/ports.ts';
import { readPlan, readResults } from '../shared/run-documents.ts';

export interface Publisher {
  readonly ledger: Ledger;
  readonly documents: JsonStore;
  readonly catalogue: Catalogue;
  readonly pointer: SlotPointer;
  readonly goldBucket: string;
}

export interface Publication {
  readonly slot: Slot;
  readonly tables: Readonly<Record<string, PublishedTable>>;
}

/** Shows consumers the slot that passed its gate: all of its tables, or those they saw before. */
export async function publishTables(publisher: Publisher, planUri: string, now: string): Promise<Publication> {
  const plan = await readPlan(publisher.documents, planUri);
  if (!plan.model) throw new Error(`${planUri}: the run builds no gold, so there is nothing to publish`);
  const publication = { slot: plan.model.slot, tables: await builtTables(publisher, plan) };
  try {
    await show(publisher, plan, publication.slot);
    await publisher.ledger.recordPublished(plan, { ...publication, runId: plan.runId, publishedAt: now });
  } catch (error) {
    const published = await publisher.ledger.published(plan.domain);
    await show(publisher, plan, published?.slot ?? FIRST_VISIBLE_SLOT);
    throw error;
  }
  return publication;
}

async function builtTables({ documents }: Publisher, plan: Plan): Promise<Publication['tables']> {
  const { tables } = await readResults(documents, plan, 'model');
  return Object.fromEntries(
    tables.map(({ table, deltaVersion, rowCount }) => [table, { version: deltaVersion, rows: rowCount }]),
  );
}

async function show({ catalogue, pointer, goldBucket }: Publisher, plan: Plan, slot: Slot): Promise<void> {
  const database = `${plan.domain}_gold`;
  for (const { table } of plan.model?.tables ?? []) {
    await catalogue.locate({ database, table }, `s3://${goldBucket}/${plan.domain}/${slot}/${table}`);
  }
  await pointer.set(slot);
}
