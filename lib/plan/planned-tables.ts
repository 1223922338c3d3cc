import type { Check, Column } from '../contract/contract.ts';
import type { Plan, StepResults } from './plan.ts';

/** What both kinds of step have in common: a table to write, its columns and its checks. */
export interface PlannedTable {
  readonly id: string;
  readonly columns: readonly Column[];
  readonly checks: readonly Check[];
}

/** The tables that a step was to write. */
export function plannedTables(step: StepResults['step'], plan: Plan): readonly PlannedTable[] {
  if (step === 'model') return plan.model?.tables ?? [];
  return plan.refine.map(({ table, columns, checks }) => ({ id: table, columns, checks }));
}
