import type { Published, RunItem } from '../../lambdas/shared/ledger.ts';
import type { Contract, Layer } from '../../lib/contract/contract.ts';
import { clockOf, dateText, timeText } from '../../lib/contract/local-time.ts';
import { nextRun, type Schedule } from '../../lib/contract/schedule.ts';
import { type Overdue, overdueTables } from '../../lib/plan/overdue.ts';
import { schedulesOf, scheduleText } from '../../lib/plan/schedules.ts';

/** What the clock has to do with a domain. */
export interface ByTheClock {
  readonly nextRuns: readonly { readonly schedule: Schedule; readonly at: Date }[];
  readonly overdue: readonly Overdue[];
}

/** The contracts are those of one domain, its runs the newest ones, newest first. */
export function byTheClock(
  contracts: readonly Contract[],
  runs: readonly RunItem[],
  published: Pick<Published, 'publishedAt'> | null,
  now: Date,
): ByTheClock {
  const madeAt = ({ layer }: Contract) => startOf(runs.find((run) => hasMade(run, layer)));
  // What came before the oldest sign of life was promised by nobody: a schedule is deployed at any hour.
  const signs = [startOf(runs.at(-1)), published ? new Date(published.publishedAt) : undefined, now];
  const from = new Date(Math.min(...signs.flatMap((sign) => sign?.getTime() ?? [])));
  return {
    nextRuns: schedulesOf(contracts).map((schedule) => ({ schedule, at: nextRun(schedule, now) })),
    overdue: overdueTables(contracts, madeAt, from, now),
  };
}

const startOf = (run: RunItem | undefined): Date | undefined => (run ? new Date(run.startedAt) : undefined);

/** A run that finds nothing to do confirms what is there; one that gold's gate stops has made silver. */
function hasMade({ status, gates }: RunItem, layer: Layer): boolean {
  if (status === 'succeeded' || status === 'nothing-to-do') return true;
  return status === 'blocked' && layer === 'silver' && gates.some(({ step }) => step === 'model');
}

export const describeClock = ({ nextRuns, overdue }: ByTheClock): string[] => [
  ...overdue.map(
    ({ table, run, since, schedule, availableBy }) =>
      `${table} is overdue since ${both(since, availableBy.timeZone)}: no run since ${both(run, schedule.timeZone)} has made it; see docs/runbook.md#overdue-tables`,
  ),
  ...nextRuns.map(
    ({ schedule, at }) => `next run by the clock at ${both(at, schedule.timeZone)} (${scheduleText(schedule)})`,
  ),
];

/** `2026-07-01 03:00 Europe/London, 02:00 UTC`: as the wall shows it, and as logs do. */
function both(instant: Date, timeZone: string): string {
  const wall = clockOf(timeZone).at(instant);
  const here = `${dateText(wall)} ${timeText(wall)} ${timeZone}`;
  if (timeZone === 'UTC') return here;
  const utc = clockOf('UTC').at(instant);
  const date = utc.day === wall.day ? '' : `${dateText(utc)} `;
  return `${here}, ${date}${timeText(utc)} UTC`;
}
