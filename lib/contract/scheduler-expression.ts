import { type Cron, DAYS, parseCron } from './cron.ts';

/**
 * The cron of EventBridge Scheduler, which differs in three ways: Sunday is 1, one of the two days must be `?`, and a
 * year comes last. All values are spelled out, so that nothing hangs on how its steps count. The time zone is kept
 * beside it.
 */
export function schedulerExpression(cron: string): string {
  const { minutes, hours, daysOfMonth, months, daysOfWeek } = parseCron(cron);
  const days = daysOfWeek ? '?' : daysOfMonth ? listOf(daysOfMonth) : '*';
  const weekdays = daysOfWeek ? listOf(daysOfWeek, (day) => DAYS[day] ?? '') : '?';
  const fields = [all(minutes, 60), all(hours, 24), days, all(months, 12), weekdays, '*'];
  return `cron(${fields.join(' ')})`;
}

const all = (values: Cron['minutes'], count: number): string => (values.length === count ? '*' : listOf(values));

/** Neighbours become a range: an expression has room for 256 characters. */
function listOf(values: readonly number[], nameOf: (value: number) => string = String): string {
  const runs: number[][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.at(-1) === value - 1) run.push(value);
    else runs.push([value]);
  }
  const ends = ([first = 0, ...rest]: number[]) => [first, ...rest.slice(-1)].map(nameOf).join('-');
  return runs.map(ends).join(',');
}
