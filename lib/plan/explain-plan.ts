import { type Contract, tableId } from '../contract/contract.ts';
import { goldCauses } from './gold-causes.ts';
import type { Plan, RefineTask } from './plan.ts';
import { type PlanInput, planRun } from './plan-run.ts';

/** What a run would do with a table, and why. */
export interface PlanLine {
  readonly table: string;
  readonly action: 'refine' | 'build' | 'skip';
  /** `<table> <first>-<last version>` of what it would read, or `slot <slot>` where it would be built. */
  readonly scope: string;
  readonly why: string;
}

/** Every table of silver and gold, in the order in which a run takes them. */
export function explainPlan(input: PlanInput): PlanLine[] {
  const decision = planRun(input);
  const plan = decision.hasWork ? decision.plan : null;
  const ofLayer = (layer: Contract['layer']) =>
    input.contracts
      .filter((contract) => contract.layer === layer && contract.domain === input.domain)
      .sort((a, b) => a.table.localeCompare(b.table));
  return [
    ...ofLayer('silver').flatMap((contract) => silverLines(input, plan, contract)),
    ...ofLayer('gold').map((contract) => goldLine(input, plan, contract)),
  ];
}

const silverLines = (input: PlanInput, plan: Plan | null, contract: Contract): PlanLine[] =>
  contract.inputs.map(({ table: source }) => {
    const table = tableId(contract);
    const task = plan?.refine.find((each) => each.table === table && each.source.table === source);
    if (!task) return { table, action: 'skip', scope: '', why: upToDate(input, table, source) };
    return { table, action: 'refine', scope: rangeOf(task), why: whyRefined(input, task) };
  });

function upToDate({ versions, consumed }: PlanInput, table: string, source: string): string {
  if (versions[source] === undefined) return `nothing has landed in ${source} yet`;
  return `it holds all rows of ${source}, as of version ${consumed[table]?.[source]}`;
}

const isEmpty = ({ fromVersion, toVersion }: RefineTask['source']): boolean => toVersion < fromVersion;

const rangeOf = ({ source }: RefineTask): string =>
  isEmpty(source) ? '' : `${source.table} ${source.fromVersion}-${source.toVersion}`;

function whyRefined({ consumed }: PlanInput, { table, source, replays }: RefineTask): string {
  const reasons = isEmpty(source) ? [] : [unread(source, consumed[table]?.[source.table])];
  return [...reasons, ...(replays.length > 0 ? ['refused rows are judged again'] : [])].join('; ');
}

function unread({ fromVersion }: RefineTask['source'], last: number | undefined): string {
  if (last === undefined) return 'nothing of it is read yet';
  return fromVersion > last ? `it is read up to version ${last}` : `it was made anew since version ${last} was read`;
}

function goldLine(input: PlanInput, plan: Plan | null, contract: Contract): PlanLine {
  const table = tableId(contract);
  const isBuilt = plan?.model?.tables.some(({ id }) => id === table) ?? false;
  if (!plan?.model || !isBuilt) return { table, action: 'skip', scope: '', why: whyNotBuilt(input, contract) };
  return { table, action: 'build', scope: `slot ${plan.model.slot}`, why: whyBuilt(input, plan, contract) };
}

function whyNotBuilt({ versions }: PlanInput, { inputs }: Contract): string {
  const missing = inputs.map(({ table }) => table).filter((table) => versions[table] === undefined);
  return missing.length > 0 ? `there is no ${missing.join(' and no ')} yet` : 'what consumers see holds all of silver';
}

function whyBuilt(input: PlanInput, { refine }: Plan, contract: Contract): string {
  const refined = new Set(refine.map(({ table }) => table));
  const causes = goldCauses(
    input,
    refined,
    contract.inputs.map(({ table }) => table),
    [contract],
  );
  return causes.map(({ reason }) => reason).join('; ') || 'all tables of gold are published together';
}
