const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** A date as the calendar on the wall shows it. */
export interface LocalDate {
  readonly year: number;
  /** January is 1. */
  readonly month: number;
  readonly day: number;
}

export interface LocalTime extends LocalDate {
  readonly hour: number;
  readonly minute: number;
}

/** Wall clock and calendar of a time zone, by the rules of the IANA that come with the runtime. */
export class LocalClock {
  private readonly format: Intl.DateTimeFormat;

  constructor(timeZone: string) {
    const numeric = 'numeric';
    this.format = new Intl.DateTimeFormat('en-US', {
      ...{ timeZone, hourCycle: 'h23', calendar: 'iso8601', year: numeric, month: numeric, day: numeric },
      ...{ hour: numeric, minute: numeric },
    });
  }

  at(instant: Date): LocalTime {
    const parts = new Map(this.format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? 0;
    const date = { year: part('year'), month: part('month'), day: part('day') };
    return { ...date, hour: part('hour'), minute: part('minute') };
  }

  /** When the wall shows this time: never where clocks jump over it, twice where they are set back. */
  instantsOf(time: LocalTime): Date[] {
    const wall = wallOf(time);
    const found = [wall - DAY, wall + DAY].map((near) => wall - this.offsetAt(near));
    const ascending = [...new Set(found)].sort((a, b) => a - b);
    return ascending.filter((each) => each + this.offsetAt(each) === wall).map((each) => new Date(each));
  }

  /** The first of them; of a time that clocks jump over, as long after the jump as it would have been without. */
  instantOf(time: LocalTime): Date {
    const [first] = this.instantsOf(time);
    const wall = wallOf(time);
    return first ?? new Date(wall - this.offsetAt(wall - DAY));
  }

  /** Milliseconds that the wall is ahead of UTC. */
  offsetAt(instant: number): number {
    return wallOf(this.at(new Date(instant))) - Math.floor(instant / MINUTE) * MINUTE;
  }
}

/** A wall's time, counted as if it hung in Greenwich. */
const wallOf = ({ year, month, day, hour, minute }: LocalTime): number => Date.UTC(year, month - 1, day, hour, minute);

/** The date that is some days later. */
export function addDays({ year, month, day }: LocalDate, days: number): LocalDate {
  const date = new Date(Date.UTC(year, month - 1, day + days));
  return { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
}

const two = (value: number): string => String(value).padStart(2, '0');
export const dateText = ({ year, month, day }: LocalDate): string => `${year}-${two(month)}-${two(day)}`;
export const timeText = ({ hour, minute }: Pick<LocalTime, 'hour' | 'minute'>): string => `${two(hour)}:${two(minute)}`;

/** Sunday is 0. */
export const weekdayOf = ({ year, month, day }: LocalDate): number =>
  new Date(Date.UTC(year, month - 1, day)).getUTCDay();

const known = new Map<string, LocalClock>();

/** One for each time zone: the formats of Intl are slow to make. */
export function clockOf(timeZone: string): LocalClock {
  const clock = known.get(timeZone) ?? new LocalClock(timeZone);
  known.set(timeZone, clock);
  return clock;
}
