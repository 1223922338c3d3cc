import type { Estimate } from '../../lib/plan/estimate-plan.ts';
import type { PlanLine } from '../../lib/plan/explain-plan.ts';
import { bytes, count, table } from '../shared/format.ts';

export type EstimatedLine = PlanLine & { readonly estimate?: Estimate };

export interface DomainPlan {
  readonly domain: string;
  /** It may change what is seen here before it ends. */
  readonly activeRun?: string;
  /** Only of a plan that reads again what was committed at this time (ISO 8601, UTC) or later, or what this run read. */
  readonly since?: string;
  readonly tables: readonly EstimatedLine[];
  /** Of what is taken together; absent where nothing is. */
  readonly total?: Estimate;
}

/** A plan as a person reads it. */
export function describePlan({ domain, activeRun, since, tables, total }: DomainPlan): string {
  const due = tables.filter(({ action }) => action === 'refine' || action === 'build').length;
  const run = since === undefined ? 'the next run' : `a run that reads again what came since ${since}`;
  const head = due > 0 ? `${run} takes ${due} of ${tables.length} tables` : `${run} has nothing to do`;
  const active = activeRun === undefined ? '' : `; ${activeRun} is active and may do some of it`;
  const lines = tables.map(({ table: name, action, scope, why, estimate }) => ({
    ...{ table: name, action, versions: scope, why, ...cellsOf(estimate) },
  }));
  const sum = total ? [{ table: 'total', ...cellsOf(total) }] : [];
  return [`${domain}: ${head}${active}`, table([...lines, ...sum], COLUMNS)].join('\n');
}

const COLUMNS = ['table', 'action', 'versions', 'rows', 'files', 'size', 'minutes', 'cost', 'why'];

const cellsOf = (estimate: Estimate | undefined) =>
  estimate && {
    rows: shown(estimate.rows, count),
    files: shown(estimate.files, count),
    size: shown(estimate.bytes, bytes),
    minutes: shown(estimate.minutes, (minutes) => minutes.toFixed(1)),
    cost: shown(estimate.cost, (cost) => `$${cost.toFixed(4)}`),
  };

const shown = (value: number | null, show: (value: number) => string): string =>
  value === null ? 'unknown' : show(value);
