import { type AvailableBy, dueAfter } from '../contract/available-by.ts';
import { type Contract, tableId } from '../contract/contract.ts';
import { nextRun, type Schedule } from '../contract/schedule.ts';

/** A table that was promised by a time of day, and is not there. */
export interface Overdue {
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  readonly schedule: Schedule;
  readonly availableBy: AvailableBy;
  /** The first run by the clock that did not make it, and no run did since. */
  readonly run: Date;
  readonly since: Date;
}

/**
 * Which tables are overdue, and since when: the oldest promise that nothing has kept. What a run makes keeps it if the
 * run began at its hour or later, however it was started. Hours before `from` promised nothing yet.
 */
export function overdueTables(
  contracts: readonly Contract[],
  madeAt: (contract: Contract) => Date | undefined,
  from: Date,
  now: Date,
): Overdue[] {
  return contracts.flatMap((contract) => {
    const { schedule, availableBy } = contract;
    if (!schedule || !availableBy) return [];
    const made = madeAt(contract);
    const run = nextRun(schedule, made && made > from ? made : from);
    const since = dueAfter(run, availableBy);
    return since <= now ? [{ table: tableId(contract), schedule, availableBy, run, since }] : [];
  });
}
