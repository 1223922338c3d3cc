import type { Column } from '../contract/contract.ts';
import type { Overridable } from './override.ts';
import type { Plan, PlannedCheck, StepResults } from './plan.ts';
import type { RowLimit } from './row-limit.ts';

/** What both kinds of step have in common: a table to write, its columns and its checks. */
export interface PlannedTable {
  readonly id: string;
  readonly contractVersion: string;
  readonly columns: readonly Column[];
  readonly checks: readonly PlannedCheck[];
  /** Of tables whose rows can be refused. */
  readonly limit?: RowLimit & Overridable;
}

/** The tables that a step was to write. */
export function plannedTables(
  step: StepResults['step'],
  plan: Pick<Plan, 'refine' | 'model'>,
): readonly PlannedTable[] {
  if (step === 'model') return plan.model?.tables ?? [];
  return plan.refine.map(({ table: id, contractVersion, columns, checks, limit }) => ({
    ...{ id, contractVersion, columns, checks, limit },
  }));
}
