import type { Contract, Layer } from '../contract/contract.ts';
import { nextRun, type Schedule } from '../contract/schedule.ts';
import { type Overdue, overdueTables } from './overdue.ts';
import { schedulesOf } from './schedules.ts';

/** A run of the ledger, as far as it tells what was made. */
export interface MadeRun {
  readonly status: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly gates: readonly { readonly step: 'refine' | 'model' }[];
}

/** What the clock has to do with a domain. */
export interface ByTheClock {
  readonly nextRuns: readonly { readonly schedule: Schedule; readonly at: Date }[];
  readonly overdue: readonly Overdue[];
}

/** The contracts are those of one domain, its runs the newest ones, newest first. */
export function byTheClock(
  contracts: readonly Contract[],
  runs: readonly MadeRun[],
  published: { readonly publishedAt: string } | null,
  now: Date,
): ByTheClock {
  // What came before the oldest sign of life was promised by nobody: a schedule is deployed at any hour.
  const signs = [startOf(runs.at(-1)), published ? new Date(published.publishedAt) : undefined, now];
  const from = new Date(Math.min(...signs.flatMap((sign) => sign?.getTime() ?? [])));
  return {
    nextRuns: schedulesOf(contracts).map((schedule) => ({ schedule, at: nextRun(schedule, now) })),
    overdue: overdueTables(contracts, ({ layer }) => madeAt(layer, runs), from, now),
  };
}

/** When the last run began that made, or confirmed, the tables of a layer. The newest run comes first. */
export const madeAt = (layer: Layer, runs: readonly MadeRun[]): Date | undefined =>
  startOf(runs.find((run) => hasMade(run, layer)));

const startOf = (run: MadeRun | undefined): Date | undefined => (run ? new Date(run.startedAt) : undefined);

/** A run that finds nothing to do confirms what is there; one that gold's gate stops has made silver. */
function hasMade({ status, gates }: MadeRun, layer: Layer): boolean {
  if (status === 'succeeded' || status === 'nothing-to-do') return true;
  return status === 'blocked' && layer === 'silver' && gates.some(({ step }) => step === 'model');
}
