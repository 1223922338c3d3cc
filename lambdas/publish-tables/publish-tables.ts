import type { ModelTask, Plan } from '../../lib/plan/plan.ts';
import { builtTables } from '../../lib/publish/built-tables.ts';
import type { Publication } from '../../lib/publish/publication.ts';
import type { JsonStore } from '../shared/ports.ts';
import { readPlan, readResults } from '../shared/run-documents.ts';
import { type Display, showSlot } from '../shared/show-slot.ts';

export interface Publisher extends Display {
  readonly documents: JsonStore;
}

/** Shows consumers the slot that passed its gate, and keeps what it was so that somebody may return to it. */
export async function publishTables(publisher: Publisher, planUri: string, now: string): Promise<Publication> {
  const plan = await readPlan(publisher.documents, planUri);
  if (!plan.model) throw new Error(`${planUri}: the run builds no gold, so there is nothing to publish`);
  const publication = await publicationOf(publisher, plan, plan.model, now);
  const tables = plan.model.tables.map(({ table }) => table);
  const record = () => publisher.ledger.recordPublication(plan, publication);
  await showSlot(publisher, { domain: plan.domain, tables }, publication.slot, record);
  return publication;
}

async function publicationOf(
  { documents, ledger }: Publisher,
  plan: Plan,
  task: ModelTask,
  publishedAt: string,
): Promise<Publication> {
  const { runId, createdAt: builtAt } = plan;
  const [{ tables }, slots] = await Promise.all([readResults(documents, plan, 'model'), ledger.slots(plan.domain)]);
  const { slot } = task;
  return {
    ...{ type: 'publication', v: 1, id: runId, runId, slot, builtAt, publishedAt },
    tables: builtTables(task, tables),
    builtFrom: slots.get(slot)?.inputs ?? {},
  };
}
