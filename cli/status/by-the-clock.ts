import { clockOf, dateText, timeText } from '../../lib/contract/local-time.ts';
import type { ByTheClock } from '../../lib/plan/by-the-clock.ts';
import { scheduleText } from '../../lib/plan/schedules.ts';

export const describeClock = ({ nextRuns, overdue }: ByTheClock): string[] => [
  ...overdue.map(
    ({ table, run, since, schedule, availableBy }) =>
      `${table} is overdue since ${both(since, availableBy.timeZone)}: no run since ${both(run, schedule.timeZone)} has made it; see docs/runbook.md#overdue-tables`,
  ),
  ...nextRuns.map(
    ({ schedule, at }) => `next run by the clock at ${both(at, schedule.timeZone)} (${scheduleText(schedule)})`,
  ),
];

/** `2026-07-01 03:00 Europe/London, 02:00 UTC`: as the wall shows it, and as logs do. */
function both(instant: Date, timeZone: string): string {
  const wall = clockOf(timeZone).at(instant);
  const here = `${dateText(wall)} ${timeText(wall)} ${timeZone}`;
  if (timeZone === 'UTC') return here;
  const utc = clockOf('UTC').at(instant);
  const date = utc.day === wall.day ? '' : `${dateText(utc)} `;
  return `${here}, ${date}${timeText(utc)} UTC`;
}
