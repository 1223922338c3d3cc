import { type AvailableBy, dueAfter, parseAvailableBy } from './available-by.ts';
import { type Cron, CronError, parseCron } from './cron.ts';
import { clockOf, dateText, timeText } from './local-time.ts';
import { nearestWord } from './nearest-word.ts';
import type { OdcsContract, SlaProperty } from './odcs-contract.ts';
import { at, describeFound, notAllowed, type Report } from './problem.ts';
import { lostDay, nextRun, runsOfDay, type Schedule, timesOf } from './schedule.ts';
import type { Pipeline } from './vendor-properties.ts';

/** When the domain of a table is run by the clock: whether such a schedule can be kept. */
export function lintSchedule({ layer, write, schedule }: Pipeline, report: Report): boolean {
  if (!schedule) return true;
  if (layer === 'bronze' || write.mode === 'view') {
    const what = layer === 'bronze' ? layer : 'a view';
    report([], `found on ${what}, allowed: on tables of silver and gold, which runs make`);
  }
  const isZone = lintTimeZone(schedule.timeZone, at(report, 'timeZone'));
  const cron = lintCron(schedule.cron, at(report, 'cron'));
  if (!isZone || !cron) return false;
  lintLostDays(schedule, cron, at(report, 'cron'));
  return true;
}

function lintCron(cron: string, report: Report): Cron | undefined {
  try {
    return parseCron(cron);
  } catch (error) {
    if (!(error instanceof CronError)) throw error;
    report([], error.message);
    return undefined;
  }
}

const ZONE = /^(UTC|[A-Z][A-Za-z_]+(\/[A-Z][A-Za-z0-9_+-]*)+)$/;

function lintTimeZone(timeZone: string, report: Report): boolean {
  if (ZONE.test(timeZone) && isKnown(timeZone)) return true;
  const near = nearestWord(timeZone, ['UTC', ...Intl.supportedValuesOf('timeZone')]);
  const hint = near === undefined ? '' : `; did you mean '${near}'?`;
  report(
    [],
    `${describeFound(timeZone)}, allowed: UTC, or a time zone as the IANA names it, such as Europe/London${hint}`,
  );
  return false;
}

function isKnown(timeZone: string): boolean {
  try {
    clockOf(timeZone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** EventBridge Scheduler would leave the run out without a word. */
function lintLostDays(schedule: Schedule, cron: Cron, report: Report): void {
  const day = lostDay(schedule);
  if (!day) return;
  const [time] = timesOf(cron);
  report(
    [],
    `found '${schedule.cron}' in ${schedule.timeZone}, allowed: a time that every day has; on ${dateText(day)} clocks jump over ${time ? timeText(time) : 'it'} and the run would be left out; take another hour, or UTC`,
  );
}

/** By when a table is promised, beside the schedule that makes it so; of a table without one it is passed on as it is. */
export function lintAvailability({ slaProperties }: OdcsContract, { schedule }: Pipeline, report: Report): void {
  if (!schedule) return;
  slaProperties.forEach((entry, index) => {
    if (entry.property !== 'timeOfAvailability') return;
    const first = slaProperties.findIndex(({ property }) => property === entry.property);
    if (first < index) report([index, 'property'], `found a second '${entry.property}', allowed: one a table`);
    else lintTime(entry, schedule, at(report, index, 'value'));
  });
}

function lintTime({ value }: SlaProperty, schedule: Schedule, report: Report): void {
  const availableBy = parseAvailableBy(value, schedule.timeZone);
  if (!availableBy) {
    const allowed = [`hh:mm by the clock of the schedule (${schedule.timeZone})`, 'hh:mmZ'];
    report([], notAllowed(value, allowed, "quote it, as in '03:00'; an offset is wrong for half the year"));
  } else if (!runsOfADay(schedule).some((run) => isAfter(run, availableBy))) {
    const text = `allowed: a time after the run at '${schedule.cron}' in ${schedule.timeZone}`;
    report([], `${describeFound(value)}, ${text}, or in the twelve hours that follow it on the next day`);
  }
}

const HALF_A_DAY_MS = 12 * 60 * 60_000;

/** A time before the run could mean the next day's; after more than half a day it is a slip. */
function isAfter(run: Date, availableBy: AvailableBy): boolean {
  const due = dueAfter(run, availableBy);
  const clock = clockOf(availableBy.timeZone);
  return clock.at(run).day === clock.at(due).day || due.getTime() - run.getTime() <= HALF_A_DAY_MS;
}

/** One day's runs are enough: all days have the same. */
function runsOfADay(schedule: Schedule): Date[] {
  const first = nextRun(schedule, SOME_DAY);
  return runsOfDay(schedule, clockOf(schedule.timeZone).at(first));
}

const SOME_DAY = new Date('2026-01-01T00:00:00Z');
