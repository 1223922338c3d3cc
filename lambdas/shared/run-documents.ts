import { z } from 'zod';
import { judgeDrift } from '../../lib/plan/judge-drift.ts';
import type { Plan, StepResults } from '../../lib/plan/plan.ts';
import type { JsonStore } from './ports.ts';

const checkSchema = z.object({
  id: z.string(),
  name: z.string(),
  onFailure: z.enum(['quarantine', 'block', 'warn', 'record']),
  blockAbovePercent: z.number().nullable(),
  evaluated: z.number().int(),
  failed: z.number().int(),
  error: z.string().nullable(),
  sample: z.array(z.array(z.object({ column: z.string(), value: z.string().nullable() }))),
  actual: z.number().nullable().optional(),
  sketch: z.array(z.number().int().nonnegative()).max(64).nullable().optional(),
});

const tableSchema = z.object({
  table: z.string(),
  uri: z.string(),
  contractVersion: z.string(),
  inputs: z.array(z.object({ table: z.string(), fromVersion: z.number().int(), toVersion: z.number().int() })),
  rowsIn: z.number().int(),
  rowsOut: z.number().int(),
  duplicates: z.number().int(),
  quarantined: z.number().int(),
  quarantineUri: z.string().nullable(),
  entries: z.number().int(),
  judgedAgain: z.number().int(),
  replayed: z.number().int(),
  deltaVersion: z.number().int(),
  rowCount: z.number().int(),
  checks: z.array(checkSchema),
});

const resultsSchema = z.object({
  version: z.literal(1),
  runId: z.string(),
  step: z.enum(['refine', 'model']),
  startedAt: z.iso.datetime({ offset: true }),
  endedAt: z.iso.datetime({ offset: true }),
  bytesRead: z.number().int().nonnegative().optional(),
  tables: z.array(tableSchema),
});

/** The plan, as `plan-run` of this release wrote it. */
export const readPlan = async (documents: Pick<JsonStore, 'read'>, planUri: string): Promise<Plan> =>
  (await documents.read(planUri)) as Plan;

/** What a job reported, with what the plan's history makes of it. Results of another run would pass a gate for data that nobody checked. */
export async function readResults(
  documents: Pick<JsonStore, 'read'>,
  plan: Plan,
  step: StepResults['step'],
): Promise<StepResults> {
  const { runId, results } = plan;
  const uri = results[step];
  const found = resultsSchema.safeParse(await documents.read(uri));
  if (!found.success) throw new Error(`${uri}: no results of a job: ${z.prettifyError(found.error)}`);
  if (found.data.runId !== runId || found.data.step !== step) {
    throw new Error(
      `${uri}: found '${found.data.step}' of run '${found.data.runId}'; allowed is '${step}' of '${runId}'`,
    );
  }
  return judgeDrift(found.data, plan);
}
