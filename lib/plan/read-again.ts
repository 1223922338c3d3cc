import { type Contract, tableId } from '../contract/contract.ts';
import { explainPlan, type PlanLine } from './explain-plan.ts';
import type { PlanDecision, PlanInput } from './plan-run.ts';

/** From which version on bronze tables are to be read again. */
export type Firsts = ReadonlyMap<string, number>;

/**
 * The same domain, had silver not read these versions yet. It serves to look at what reading them again would take: a
 * run plans from what silver has really read.
 */
export function asIfUnread(input: PlanInput, firsts: Firsts): PlanInput {
  // A table that was made anew since it was read is unread as a whole already.
  const isAnew = (source: string, last: number) => last > (input.versions[source] ?? -1);
  const before = (source: string, last: number) =>
    isAnew(source, last) ? last : Math.min(last, (firsts.get(source) ?? last + 1) - 1);
  const unread = (contract: Contract): readonly [string, Record<string, number>] => {
    const consumed = Object.entries(input.consumed[tableId(contract)] ?? {});
    return [tableId(contract), Object.fromEntries(consumed.map(([source, last]) => [source, before(source, last)]))];
  };
  const silver = input.contracts.filter(({ layer }) => layer === 'silver');
  return { ...input, consumed: Object.fromEntries(silver.map(unread)) };
}

/** The lines of a plan that was made as if versions were unread; they tell what silver has really read. */
export function explainAgain(input: PlanInput, firsts: Firsts, decision: PlanDecision): PlanLine[] {
  const unread = asIfUnread(input, firsts);
  return explainPlan(unread, decision).map((line) => {
    const { table, source = '' } = line;
    const isAgain = unread.consumed[table]?.[source] !== input.consumed[table]?.[source];
    if (line.action === 'skip' || !isAgain) return line;
    return { ...line, why: `version ${firsts.get(source)} and later ones would be read again` };
  });
}
