import { hasHistory } from './history.ts';
import type { CheckResult, Plan, PlannedCheck, StepResults } from './plan.ts';
import { plannedTables } from './planned-tables.ts';

/** A rule that is judged by earlier runs, with what a run found. */
export interface Watched {
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  readonly check: PlannedCheck;
  readonly result: CheckResult;
}

/** All such rules of a run that have a result. */
export const watchedRules = (plan: Plan, results: readonly StepResults[]): Watched[] =>
  results.flatMap(({ step, tables }) =>
    plannedTables(step, plan).flatMap(({ id, checks }) => {
      const found = tables.find(({ table }) => table === id)?.checks ?? [];
      return checks.filter(hasHistory).flatMap((check) => {
        const result = found.find((each) => each.id === check.id);
        return result ? [{ table: id, check, result }] : [];
      });
    }),
  );
