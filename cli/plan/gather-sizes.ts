import { z } from 'zod';
import type { Ledger, RunItem } from '../../lambdas/shared/ledger.ts';
import type { JsonStore } from '../../lambdas/shared/ports.ts';
import { type KnownSizes, type PastStep, rangeName, rangesToMeasure } from '../../lib/plan/estimate-plan.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { PlanInput } from '../../lib/plan/plan-run.ts';
import { costOf } from '../../lib/plan/spark-prices.ts';
import { median } from '../../lib/quality/usual-range.ts';
import type { DeltaLogs } from './delta-logs.ts';

/** Runs that are looked at for how long steps take; of the newest that did something also what they made of their rows. */
const RUNS = 50;
const RESULTS = 5;

export interface Sources {
  readonly ledger: Pick<Ledger, 'runs' | 'tables'>;
  readonly logs: Pick<DeltaLogs, 'sizeOf'>;
  readonly documents: Pick<JsonStore, 'read'>;
}

/** What logs, ledger and earlier runs tell of the size of a plan. It reads a bounded number of things. */
export async function gatherSizes(sources: Sources, input: PlanInput, plan: Plan): Promise<KnownSizes> {
  const ranges = rangesToMeasure(input, plan);
  const [sizes, tables, runs] = await Promise.all([
    Promise.all(ranges.map((range) => sources.logs.sizeOf(range))),
    sources.ledger.tables((plan.model?.inputs ?? []).map(({ id }) => id)),
    sources.ledger.runs(input.domain, RUNS),
  ]);
  const succeeded = runs.filter(({ status }) => status === 'succeeded');
  return {
    ranges: new Map(ranges.flatMap((range, at) => (sizes[at] ? [[rangeName(range), sizes[at]] as const] : []))),
    rows: new Map([...tables].map(([id, { rows }]) => [id, rows])),
    yields: await yieldsOf(sources, input, succeeded),
    past: succeeded.flatMap(pastSteps),
  };
}

/** The steps of a run that went well, as far as they tell how long others take. */
export const pastSteps = ({ steps }: RunItem): PastStep[] =>
  steps.flatMap(({ name, rowsIn, startedAt, endedAt, billed }) =>
    name === 'refine' || name === 'model'
      ? {
          ...{ step: name, rows: rowsIn, minutes: (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000 },
          cost: billed ? costOf(billed) : null,
        }
      : [],
  );

const resultsSchema = z.object({
  tables: z.array(z.object({ table: z.string(), rowsIn: z.number(), rowsOut: z.number() })),
});
type Results = z.infer<typeof resultsSchema>;

/** The median over the newest runs, for each silver table that they had rows for. */
async function yieldsOf(
  { documents }: Sources,
  { domain, buckets }: PlanInput,
  runs: readonly RunItem[],
): Promise<Map<string, number>> {
  const refined = runs.filter(({ steps }) => steps.some(({ name }) => name === 'refine')).slice(0, RESULTS);
  const uris = refined.map(({ runId }) => `s3://${buckets.ops}/runs/${domain}/${runId}/refine.json`);
  const results = await Promise.all(uris.map((uri) => readResults(documents, uri)));
  const found = new Map<string, number[]>();
  for (const { table, rowsIn, rowsOut } of results.flatMap(({ tables }) => tables))
    if (rowsIn > 0) found.set(table, [...(found.get(table) ?? []), rowsOut / rowsIn]);
  return new Map([...found].map(([table, shares]) => [table, median(shares)]));
}

/** Results are kept for a time only, and an estimate does without them. */
async function readResults(documents: Pick<JsonStore, 'read'>, uri: string): Promise<Results> {
  try {
    return resultsSchema.parse(await documents.read(uri));
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return { tables: [] };
    throw error;
  }
}
