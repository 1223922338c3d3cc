import { type Contract, databaseOf } from '../contract/contract.ts';
import { keepsHistory } from '../contract/history.ts';
import type { Refusal } from '../publish/decide-rollback.ts';
import type { BackfillPlan, TimeRange } from './backfill-plan.ts';
import { cutIntervals } from './cut-intervals.ts';
import { lookUp } from './look-up.ts';
import type { RefineTask } from './plan.ts';
import { type PlanInput, planRun } from './plan-run.ts';
import { wrongTable } from './wrong-table.ts';

/** What a person wishes to have made again. */
export interface BackfillWish {
  /** `<domain>.silver.<table>` */
  readonly table: string;
  /** Null: all that there is, which is also made of a table whose rows follow from all events of their keys. */
  readonly range: TimeRange | null;
  /** Where nearly all events of the range lie, if that is known. */
  readonly dense?: TimeRange | undefined;
  /** How many events the range has, if that is known. */
  readonly events?: number | undefined;
}

/** Each is a job, and a line that somebody looks at. */
export const MOST_INTERVALS = 100;
/** Fewer are not worth the start of a job; but of a few parts, what was stopped can go on from the last one. */
const EVENTS_WORTH_A_JOB = 10_000;
const FEW_INTERVALS = 4;

/** The ingest gate takes no event of before, and none that happens more than a day after it came. */
const EARLIEST = '1900-01-01T00:00:00.000Z';
const AHEAD_MS = 86_400_000;

/**
 * How a part of a silver table's history is made again from bronze, as it is now, by the contract of now.
 * @param input what is known of the domain; its `runId` is the backfill's id
 */
export function planBackfill(input: PlanInput, wish: BackfillWish): BackfillPlan | Refusal {
  const { contracts } = lookUp(input);
  const contract = contracts.get(wish.table);
  const reason = contract ? wrongTable(input, contract) : `table '${wish.table}' is unknown in '${input.domain}'`;
  if (!contract || reason !== null) return refuse(reason ?? '');
  const all = { from: EARLIEST, to: latestEnd(input) };
  const wrong = wrongRange(input, wish.range ?? all);
  if (wrong !== null) return refuse(wrong);
  const task = wholeTask(input, wish.table);
  if (!task) return refuse(`nothing has landed in ${sourceOf(contract)} yet, so there is nothing to make again`);
  const range = dependsOnAll(contract) ? all : (wish.range ?? all);
  return planOf(input, contract, task, {
    ...range,
    intervals: cutIntervals(range, mostIntervals(wish), wish.dense),
  });
}

/** Of a table with deletes or versions, a row follows from all events of its key, and a range has only some. */
const dependsOnAll = (contract: Contract): boolean => contract.changes !== undefined || keepsHistory(contract);

const mostIntervals = ({ events = Number.POSITIVE_INFINITY }: BackfillWish): number =>
  Math.min(MOST_INTERVALS, Math.max(FEW_INTERVALS, Math.ceil(events / EVENTS_WORTH_A_JOB)));

const refuse = (reason: string): Refusal => ({ type: 'Refused', reason });

const sourceOf = ({ inputs }: Contract): string => inputs.map(({ table }) => table).join();

function wrongRange(input: PlanInput, { from, to }: TimeRange): string | null {
  if (from >= to) return `the range is empty: found from ${from} to ${to}; allowed is an end after the beginning`;
  if (from < EARLIEST)
    return `from: found ${from}; allowed is from ${EARLIEST} on, since no event from before is taken in`;
  if (from >= input.createdAt)
    return `from: found ${from}, which is still to come; allowed is a time before ${input.createdAt}`;
  return to > latestEnd(input)
    ? `to: found ${to}; allowed is up to ${latestEnd(input)}, since no event can be of later`
    : null;
}

const latestEnd = ({ createdAt }: PlanInput): string =>
  new Date(Math.floor(Date.parse(createdAt) / AHEAD_MS + 2) * AHEAD_MS).toISOString();

/** As a run would do it that has read nothing of bronze yet. */
function wholeTask(input: PlanInput, table: string): RefineTask | undefined {
  const decision = planRun({ ...input, consumed: { ...input.consumed, [table]: {} }, replays: [] });
  return decision.hasWork ? decision.plan.refine.find((task) => task.table === table) : undefined;
}

function planOf(
  input: PlanInput,
  contract: Contract,
  task: RefineTask,
  cut: Pick<BackfillPlan, 'from' | 'to' | 'intervals'>,
): BackfillPlan {
  const { buckets, domain, runId: backfillId, createdAt } = input;
  const folder = `s3://${buckets.ops}/backfills/${domain}/${backfillId}`;
  const name = `_backfill_${backfillId}`;
  return {
    ...{ version: 1, backfillId, domain, createdAt },
    task: { ...task, quarantineUri: `${folder}/quarantine` },
    shadow: {
      ...{ id: `${domain}.silver.${name}`, database: databaseOf(contract), table: name },
      uri: `s3://${buckets.silver}/${domain}/${name}`,
    },
    ...cut,
    folder,
  };
}
