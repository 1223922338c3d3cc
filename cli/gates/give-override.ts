import { isStructural, type Verdict } from '../../lib/plan/judge-checks.ts';
import { MAX_OVERRIDE_DAYS, type Override } from '../../lib/plan/override.ts';
import { UsageError } from '../shared/errors.ts';
import type { RunGates } from './read-gates.ts';

/** What a person asks for; `until` in milliseconds since 1970. */
export interface OverrideRequest {
  readonly rule: string;
  readonly table?: string;
  readonly approver: string;
  readonly reason: string;
  readonly until: number;
}

const DAY_MS = 86_400_000;

/** An override of a rule that blocked a run. Throws a `UsageError` for what cannot be overridden. */
export function overrideOf(run: RunGates, request: OverrideRequest, now: Date): Override {
  const { table, rule } = blockingRule(run, request);
  if (isStructural(rule))
    throw new UsageError(`'${rule}' is no rule of the contract: readers would break; repair the model or the contract`);
  for (const [option, text] of [
    ['approver', request.approver],
    ['reason', request.reason],
  ] as const)
    if (text.trim() === '')
      throw new UsageError(`--${option}: found nothing; an override says who answers for it, and why`);
  const { approver, reason, until } = request;
  checkTime(until, now);
  const times = { approvedAt: now.toISOString(), until: new Date(until).toISOString() };
  return { table, rule, approver, reason, runId: run.runId, ...times };
}

function blockingRule({ runId, gates }: RunGates, { rule, table }: OverrideRequest): Verdict {
  const blocking = gates.flatMap(({ rules }) => rules).filter(({ outcome }) => outcome === 'blocked');
  const [found, ...more] = blocking.filter((each) => each.rule === rule && (!table || each.table === table));
  if (found && more.length === 0) return found;
  const names = blocking.map((each) => `${each.rule} of ${each.table}`).join(', ');
  if (found)
    throw new UsageError(`'${rule}' blocked several tables of run '${runId}'; name one with --table: ${names}`);
  throw new UsageError(`'${rule}' did not block run '${runId}'; what did: ${names || 'nothing'}`);
}

function checkTime(until: number, now: Date): void {
  if (until <= now.getTime()) throw new UsageError('--until: found a time that is past; an override has to end later');
  if (until > now.getTime() + MAX_OVERRIDE_DAYS * DAY_MS)
    throw new UsageError(
      `--until: allowed are ${MAX_OVERRIDE_DAYS} days at most; what holds longer belongs in the contract`,
    );
}
