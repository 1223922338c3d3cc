import type { JsonStore } from '../../lambdas/shared/ports.ts';
import { readPlan } from '../../lambdas/shared/run-documents.ts';
import { tableId } from '../../lib/contract/contract.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { PlanInput } from '../../lib/plan/plan-run.ts';
import type { Firsts } from '../../lib/plan/read-again.ts';
import { moment } from '../shared/options.ts';
import type { DeltaLogs } from './delta-logs.ts';

/** From when on bronze is to be read again: a time, or a run, with what it read. */
export interface Since {
  /** Milliseconds since 1970; of a run, when it started. */
  readonly time: number;
  readonly runId?: string;
}

/** Reads a run's id, or a moment. */
export const runOrMoment = (text: string): string | number =>
  /-\d{8}t\d{6}-[0-9a-f]+$/.test(text) ? text : moment(text);

interface Sources {
  readonly logs: Pick<DeltaLogs, 'firstSince'>;
  readonly documents: Pick<JsonStore, 'read'>;
}

/** The first version of each bronze table that is to be read again; a table without one is left out. */
export async function firstsSince(sources: Sources, input: PlanInput, { time, runId }: Since): Promise<Firsts> {
  const firsts = await committedSince(sources, input, time);
  const refine = runId === undefined ? [] : await tasksOf(sources, input, runId);
  for (const { source } of refine) {
    const { table, fromVersion, toVersion } = source;
    // It had been committed before the run started.
    if (fromVersion <= toVersion) firsts.set(table, Math.min(fromVersion, firsts.get(table) ?? fromVersion));
  }
  return firsts;
}

async function committedSince({ logs }: Sources, input: PlanInput, time: number): Promise<Map<string, number>> {
  const { contracts, buckets, versions } = input;
  const found = contracts
    .filter(({ layer }) => layer === 'bronze')
    .map(async (contract) => {
      const uri = `s3://${buckets.bronze}/${contract.domain}/${contract.table}`;
      const first = await logs.firstSince(uri, versions[tableId(contract)] ?? -1, time);
      return first === null ? [] : [[tableId(contract), first] as const];
    });
  return new Map((await Promise.all(found)).flat());
}

/** A run that found nothing to do has no plan, and old ones are not kept. */
async function tasksOf({ documents }: Sources, { buckets, domain }: PlanInput, runId: string): Promise<Plan['refine']> {
  try {
    return (await readPlan(documents, `s3://${buckets.ops}/runs/${domain}/${runId}/plan.json`)).refine;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return [];
    throw error;
  }
}
