import { describeFound } from './problem.ts';

/** When a clock strikes, as five fields say it; a day is any day when its field is absent. */
export interface Cron {
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly daysOfMonth?: readonly number[];
  readonly months: readonly number[];
  /** Sunday is 0. */
  readonly daysOfWeek?: readonly number[];
}

/** What a person wrote that cannot be kept, with what is allowed and how to say it. */
export class CronError extends Error {
  override readonly name = 'CronError';
}

interface Field {
  readonly name: string;
  readonly first: number;
  readonly last: number;
  readonly names: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
export const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'] as const;

const FIELDS = {
  minutes: { name: 'minute', first: 0, last: 59, names: [] },
  hours: { name: 'hour', first: 0, last: 23, names: [] },
  daysOfMonth: { name: 'day of the month', first: 1, last: 31, names: [] },
  months: { name: 'month', first: 1, last: 12, names: MONTHS },
  daysOfWeek: { name: 'day of the week', first: 0, last: 7, names: DAYS },
} as const satisfies Readonly<Record<string, Field>>;

/** Throws `CronError` for what is no cron of five fields, and for what no single schedule of AWS can say. */
export function parseCron(text: string): Cron {
  const words = text.trim().split(/\s+/);
  const [minute = '', hour = '', day = '', month = '', weekday = ''] = words;
  if (words.length !== 5)
    throw fault(text, 'five fields: minute hour day-of-month month day-of-week, such as 0 2 * * *');
  const cron = {
    minutes: valuesOf(minute, FIELDS.minutes),
    hours: valuesOf(hour, FIELDS.hours),
    months: valuesOf(month, FIELDS.months),
    ...some('daysOfMonth', valuesOf(day, FIELDS.daysOfMonth), 31),
    ...some('daysOfWeek', sundayOnce(valuesOf(weekday, FIELDS.daysOfWeek)), 7),
  };
  checkDays(cron, day, weekday);
  return cron;
}

const fault = (found: string, allowed: string): CronError =>
  new CronError(`${describeFound(found)}, allowed: ${allowed}`);

/** Nothing where all days are meant. */
const some = (name: 'daysOfMonth' | 'daysOfWeek', values: readonly number[], all: number) =>
  values.length < all && { [name]: values };

/** Sunday is 0 and 7. */
const sundayOnce = (days: readonly number[]): number[] => ascending(days.map((day) => day % 7));

const ascending = (values: readonly number[]): number[] => [...new Set(values)].sort((a, b) => a - b);

function valuesOf(text: string, field: Field): number[] {
  return ascending(text.split(',').flatMap((part) => partOf(part, field)));
}

/** `*`, `5`, `1-5`, and steps through a range: `*` and `1-5` with `/2`. */
function partOf(part: string, field: Field): number[] {
  const [range = '', step, ...rest] = part.split('/');
  if (rest.length > 0 || range === '') throw wrongPart(part, field);
  const [from, to] = rangeOf(range, field);
  if (step === undefined) return between(from, to, 1);
  if (range !== '*' && !range.includes('-'))
    throw fault(part, `steps through a range of the ${field.name}; write ${range}-${field.last}/${step}`);
  const size = /^\d+$/.test(step) ? Number(step) : 0;
  if (size < 1 || size > field.last) throw fault(part, `steps of 1 to ${field.last} in the ${field.name}`);
  return between(from, to, size);
}

function rangeOf(range: string, field: Field): [from: number, to: number] {
  // Sunday stands at both ends of the week: all of it is counted once.
  if (range === '*') return [field.first, field.last === 7 ? 6 : field.last];
  const [from, to = from, ...rest] = range.split('-').map((word) => numberOf(word, field));
  if (rest.length > 0 || from === undefined || to === undefined) throw wrongPart(range, field);
  if (from > to)
    throw fault(range, `ranges of the ${field.name} that ascend; list both parts: ${aroundText(range, field)}`);
  return [from, to];
}

const aroundText = (range: string, { first, last }: Field): string => {
  const [from, to] = range.split('-');
  return `${from}-${last === 7 ? 'SAT' : last},${last === 7 ? 'SUN' : first}-${to}`;
};

function numberOf(word: string, field: Field): number {
  const named = field.names.indexOf(word.toUpperCase());
  const value = named >= 0 ? named + field.first : Number(/^\d{1,2}$/.test(word) ? word : Number.NaN);
  if (!(value >= field.first && value <= field.last)) throw wrongPart(word, field);
  return value;
}

function wrongPart(found: string, { name, first, last, names }: Field): CronError {
  const words = names.length > 0 ? `, or ${names[0]} to ${names.at(-1)}` : '';
  return fault(found, `${first} to ${last}${words} as ${name}, with * - , and /`);
}

const between = (from: number, to: number, step: number): number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function checkDays({ daysOfMonth, months, daysOfWeek }: Cron, day: string, weekday: string): void {
  if (daysOfMonth && daysOfWeek)
    throw fault(
      `${day} and ${weekday}`,
      '* as day of the month or as day of the week: cron runs on either day, and EventBridge Scheduler takes one of them; give the other to another table of the domain',
    );
  const isSome = daysOfMonth?.some((each) => months.some((month) => each <= (LONGEST[month - 1] ?? 0))) ?? true;
  if (!isSome) throw fault(day, 'a day of the month that one of the months has');
}
