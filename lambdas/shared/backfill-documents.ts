import { z } from 'zod';
import type { BackfillPlan } from '../../lib/plan/backfill-plan.ts';
import type { JsonStore } from './ports.ts';

type Documents = Pick<JsonStore, 'read'>;

const count = z.number().int().nonnegative();
const head = { version: z.literal(1), backfillId: z.string() };

const intervalSchema = z.object({ ...head, index: count, events: count, rows: count, refused: count });
export type IntervalResult = z.output<typeof intervalSchema>;

const settledSchema = z.object({
  ...head,
  outcome: z.enum(['applied', 'unchanged', 'compared', 'refused']),
  reasons: z.array(z.string()),
  comparison: z.object({ same: count, changed: count, missing: count, surplus: count, newer: count }).nullable(),
  quarantine: z.array(z.object({ uri: z.string().min(1), rows: count })),
  versionAfter: count.nullable(),
  rowCount: count,
});
/** How silver compares with what was made again, and what was done about it. */
export type Settled = z.output<typeof settledSchema>;

/** The plan, as `steer-backfill` wrote it. */
export const readBackfillPlan = async (documents: Documents, uri: string): Promise<BackfillPlan> =>
  (await documents.read(uri)) as BackfillPlan;

export async function readInterval(documents: Documents, plan: BackfillPlan, index: number): Promise<IntervalResult> {
  const uri = `${plan.folder}/interval-${index}.json`;
  const found = await readResult(documents, uri, intervalSchema, plan);
  if (found.index !== index) throw new Error(`${uri}: found interval ${found.index}; allowed is ${index}`);
  return found;
}

export const readSettled = (documents: Documents, plan: BackfillPlan): Promise<Settled> =>
  readResult(documents, `${plan.folder}/settled.json`, settledSchema, plan);

/** Results of another backfill would be taken for this one's. */
async function readResult<T extends { readonly backfillId: string }>(
  documents: Documents,
  uri: string,
  schema: z.ZodType<T>,
  { backfillId }: BackfillPlan,
): Promise<T> {
  const found = schema.safeParse(await documents.read(uri));
  if (!found.success) throw new Error(`${uri}: no results of a backfill: ${z.prettifyError(found.error)}`);
  if (found.data.backfillId !== backfillId)
    throw new Error(`${uri}: found results of '${found.data.backfillId}'; allowed is '${backfillId}'`);
  return found.data;
}
