import { addDays, clockOf } from './local-time.ts';

/** The time of day by which a table is promised. */
export interface AvailableBy {
  /** `hh:mm` */
  readonly time: string;
  /** As the IANA names it. */
  readonly timeZone: string;
}

const TIME = /^([01]\d|2[0-3]):([0-5]\d)(Z?)$/;

/**
 * `03:00` by the clock of the schedule, `03:00Z` by UTC; undefined for anything else. The standard's own examples have an
 * offset there, which no clock keeps all year.
 */
export function parseAvailableBy(value: unknown, timeZone: string): AvailableBy | undefined {
  const [, hour, minute, utc] = TIME.exec(String(value)) ?? [];
  if (hour === undefined || minute === undefined) return undefined;
  return { time: `${hour}:${minute}`, timeZone: utc ? 'UTC' : timeZone };
}

/** When what a run makes is due: the next time that the clock shows the promised one. */
export function dueAfter(run: Date, { time, timeZone }: AvailableBy): Date {
  const clock = clockOf(timeZone);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const date = clock.at(run);
  const due = clock.instantOf({ ...date, hour, minute });
  return due >= run ? due : clock.instantOf({ ...addDays(date, 1), hour, minute });
}
