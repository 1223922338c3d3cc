import { type Cron, parseCron } from './cron.ts';
import { addDays, clockOf, type LocalClock, type LocalDate, weekdayOf } from './local-time.ts';

/** When a domain is run by the clock. */
export interface Schedule {
  /** Five fields, as in crontab. */
  readonly cron: string;
  /** As the IANA names it. */
  readonly timeZone: string;
}

/** 29 February is eight years away at the most. */
const DAYS_AHEAD = 8 * 366 + 1;

/**
 * The next run after an instant, as EventBridge Scheduler has it: a time that clocks jump over is left out, and one that
 * they show twice counts once, the first time.
 */
export function nextRun({ cron, timeZone }: Schedule, after: Date): Date {
  const [parsed, clock] = [parseCron(cron), clockOf(timeZone)];
  const today = clock.at(after);
  for (let days = 0; days < DAYS_AHEAD; days++) {
    const run = runsOn(parsed, clock, addDays(today, days)).find((each) => each > after);
    if (run) return run;
  }
  throw new Error(`'${cron}' in ${timeZone} has no run after ${after.toISOString()}`);
}

/** The runs of a date, ascending. */
export const runsOfDay = ({ cron, timeZone }: Schedule, date: LocalDate): Date[] =>
  runsOn(parseCron(cron), clockOf(timeZone), date);

function runsOn(cron: Cron, clock: LocalClock, date: LocalDate): Date[] {
  if (!isOn(cron, date)) return [];
  return timesOf(cron).flatMap((time) => clock.instantsOf({ ...date, ...time }).slice(0, 1));
}

/** The calendar comes back to the same weekdays after so many years, and clocks change by weekdays. */
const WEEKS = 28 * 53;
const WEEK_MS = 7 * 24 * 60 * 60_000;
const FIRST_WEEK = Date.UTC(2026, 0, 1);

/** The first day that is left without its run, since clocks jump over all its times. */
export function lostDay({ cron, timeZone }: Schedule): LocalDate | undefined {
  const [parsed, clock] = [parseCron(cron), clockOf(timeZone)];
  for (let week = 0; week < WEEKS; week++) {
    const start = FIRST_WEEK + week * WEEK_MS;
    if (clock.offsetAt(start) >= clock.offsetAt(start + WEEK_MS)) continue;
    const lost = datesFrom(clock.at(new Date(start))).find((date) => isOn(parsed, date) && isLost(parsed, clock, date));
    if (lost) return lost;
  }
  return undefined;
}

const isLost = (cron: Cron, clock: LocalClock, date: LocalDate): boolean => runsOn(cron, clock, date).length === 0;

const datesFrom = (date: LocalDate): LocalDate[] => Array.from({ length: 8 }, (_, days) => addDays(date, days));

/** Whether a cron has runs on a date, whatever clocks do there. */
export const isOn = ({ daysOfMonth, months, daysOfWeek }: Cron, date: LocalDate): boolean =>
  months.includes(date.month) &&
  (daysOfMonth?.includes(date.day) ?? true) &&
  (daysOfWeek?.includes(weekdayOf(date)) ?? true);

/** The times of a day, ascending. */
export const timesOf = ({ hours, minutes }: Cron): { hour: number; minute: number }[] =>
  hours.flatMap((hour) => minutes.map((minute) => ({ hour, minute })));
