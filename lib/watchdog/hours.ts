const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** Hours of a table, both included, as the ledger names them. */
export interface Window {
  readonly first: string;
  readonly last: string;
}

/** Enough for a quiet hour not to matter, and short enough to be told in time. */
const WINDOW_HOURS = 3;
const WEEKS = 8;

export const hourAt = (ms: number): string => new Date(ms).toISOString().slice(0, 13);

/** Milliseconds since 1970. */
export const startOfHour = (hour: string): number => Date.parse(`${hour}:00:00Z`);
export const endOfHour = (hour: string): number => startOfHour(hour) + HOUR_MS;

/** The last whole hours, then the same ones of the weeks before. */
export function volumeWindows(now: string): readonly Window[] {
  const last = startOfHour(hourAt(Date.parse(now))) - HOUR_MS;
  return Array.from({ length: WEEKS + 1 }, (_, week) => ({
    first: hourAt(last - week * WEEK_MS - (WINDOW_HOURS - 1) * HOUR_MS),
    last: hourAt(last - week * WEEK_MS),
  }));
}

/** From here on hours are looked at one by one: what waits longer is late by any promise that is kept in hours. */
export const recentSince = (now: string): string => hourAt(Date.parse(now) - 48 * HOUR_MS);

/** The hours that count as today's in a share. */
export const dayBefore = (now: string): string => hourAt(Date.parse(now) - 24 * HOUR_MS);
