import { type Contract, tableId } from '../contract/contract.ts';
import { describeHold } from '../publish/describe-hold.ts';
import { lineName, rangeName } from './estimate-plan.ts';
import { goldCauses, holdsAll, isFixed } from './gold-causes.ts';
import { lookUp } from './look-up.ts';
import type { ModelTask, RefineTask } from './plan.ts';
import { type PlanInput, planRun } from './plan-run.ts';

/** What a run would do with a table, and why. */
export interface PlanLine {
  readonly table: string;
  /** The bronze table that it is refined from; of silver only. */
  readonly source?: string;
  readonly action: 'refine' | 'build' | 'keep' | 'skip';
  /** `<table> <first>-<last version>` of what it would read, or `slot <slot>` where it would be built or kept. */
  readonly scope: string;
  readonly why: string;
}

/** What is planned, by the tables that it is for. */
interface Planned {
  readonly tasks: ReadonlyMap<string, RefineTask>;
  readonly refined: ReadonlySet<string>;
  readonly model: ModelTask | null;
  readonly built: ReadonlySet<string>;
}

/** Every table of silver and gold, in the order in which a run takes them. */
export function explainPlan(input: PlanInput, decision = planRun(input)): PlanLine[] {
  const { refine, model } = decision.hasWork ? decision.plan : { refine: [], model: null };
  const planned: Planned = {
    tasks: new Map(refine.map((task) => [lineName(task.table, task.source.table), task])),
    refined: new Set(refine.map(({ table }) => table)),
    model,
    built: new Set(model?.tables.map(({ id }) => id)),
  };
  const { silver, gold } = lookUp(input).layers;
  return [
    ...silver.flatMap((contract) => silverLines(input, planned, contract)),
    ...gold.map((contract) => goldLine(input, planned, contract)),
  ];
}

const silverLines = (input: PlanInput, { tasks }: Planned, contract: Contract): PlanLine[] =>
  contract.inputs.map(({ table: source }) => {
    const table = tableId(contract);
    const task = tasks.get(lineName(table, source));
    if (!task) return { table, source, action: 'skip', scope: '', why: upToDate(input, table, source) };
    return { table, source, action: 'refine', scope: rangeOf(task), why: whyRefined(input, task) };
  });

function upToDate({ versions, consumed }: PlanInput, table: string, source: string): string {
  if (versions[source] === undefined) return `nothing has landed in ${source} yet`;
  return `it holds all rows of ${source}, as of version ${consumed[table]?.[source]}`;
}

const isEmpty = ({ fromVersion, toVersion }: RefineTask['source']): boolean => toVersion < fromVersion;

const rangeOf = ({ source }: RefineTask): string => (isEmpty(source) ? '' : rangeName(source));

function whyRefined({ consumed }: PlanInput, { table, source, replays }: RefineTask): string {
  const reasons = isEmpty(source) ? [] : [unread(source, consumed[table]?.[source.table])];
  return [...reasons, ...(replays.length > 0 ? ['refused rows are judged again'] : [])].join('; ');
}

function unread({ fromVersion }: RefineTask['source'], last: number | undefined): string {
  if (last === undefined) return 'nothing of it is read yet';
  return fromVersion > last ? `it is read up to version ${last}` : `it was made anew since version ${last} was read`;
}

function goldLine(input: PlanInput, planned: Planned, contract: Contract): PlanLine {
  const [table, { model }] = [tableId(contract), planned];
  if (!model || !planned.built.has(table))
    return { table, action: 'skip', scope: '', why: whyNotBuilt(input, contract) };
  if (isKept(input, model, planned.refined, contract))
    return { table, action: 'keep', scope: `slot ${model.slot}`, why: isFixed(contract) ? NO_INPUT : NOTHING_NEW };
  return { table, action: 'build', scope: `slot ${model.slot}`, why: whyBuilt(input, planned, contract) };
}

const NO_INPUT = 'it has no inputs, so only a change of its contract or model builds it again';

const NOTHING_NEW = 'nothing that it is made of has changed since the slot was built';

/** As the job will find it, unless a macro has changed, which the job alone can see. */
function isKept(
  input: PlanInput,
  { slot, inputs }: ModelTask,
  refined: ReadonlySet<string>,
  contract: Contract,
): boolean {
  const built = input.slots[slot]?.tables[tableId(contract)];
  const read = inputs.filter(({ id }) => contract.inputs.some(({ table }) => table === id));
  const isUnchanged = read.every(
    ({ id, builtFromVersion: from }) => from !== null && !refined.has(id) && holdsAll(input, id, from),
  );
  return built?.contractVersion === contract.version && built.model === contract.model && isUnchanged;
}

function whyNotBuilt({ versions, hold, domain, published }: PlanInput, contract: Contract): string {
  const { inputs } = contract;
  if (hold) return `${describeHold(hold)}; \`sluice publish release ${domain}\` ends it`;
  const missing = inputs.flatMap(({ table, optional }) => (optional || versions[table] !== undefined ? [] : [table]));
  if (missing.length > 0) return `there is no ${missing.join(' and no ')} yet`;
  if (!isFixed(contract)) return 'what consumers see holds all of silver';
  return published ? NO_INPUT : 'it has no inputs, and is built with the first table that has its own';
}

function whyBuilt(input: PlanInput, { refined }: Planned, contract: Contract): string {
  const silver = contract.inputs.map(({ table }) => table);
  const causes = goldCauses(input, refined, silver, [contract]);
  return causes.map(({ reason }) => reason).join('; ') || 'all tables of gold are published together';
}
