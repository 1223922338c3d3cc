import { DOT, MINUS } from './json-cursor.ts';

/** A point in time, in two parts that JavaScript numbers hold exactly. */
export interface Instant {
  /** Since 1970 UTC, rounded down. */
  seconds: number;
  /** Of the second. */
  micros: number;
}

const [ZERO, PLUS, COLON] = [0x30, 0x2b, 0x3a];
/** Sets a letter's bit for lower case. */
const LOWER = 0x20;
const [LOWER_T, LOWER_Z] = [0x74, 0x7a];
const SECONDS_PER_DAY = 86_400;
const MAX_FRACTION = 9;

/**
 * Reads an RFC 3339 timestamp, which has its zone, from these bytes; false when they are none.
 * Digits beyond microseconds are cut, as no table of ours holds them.
 */
export function readInstant(bytes: Uint8Array, from: number, to: number, instant: Instant): boolean {
  const day = dayAt(bytes, from);
  const hour = numberAt(bytes, from + 11, 2);
  const minute = numberAt(bytes, from + 14, 2);
  const second = numberAt(bytes, from + 17, 2);
  const hasMarks =
    ((bytes[from + 10] as number) | LOWER) === LOWER_T && bytes[from + 13] === COLON && bytes[from + 16] === COLON;
  const isTime = hour < 24 && minute < 60 && second < 60 && hasMarks; // none is, when one is NaN
  if (Number.isNaN(day) || !isTime) return false;
  const zone = endOfFraction(bytes, from + 19);
  const offset = offsetAt(bytes, zone, to);
  if (Number.isNaN(offset)) return false;
  instant.seconds = day * SECONDS_PER_DAY + hour * 3600 + (minute - offset) * 60 + second;
  instant.micros = microsAt(bytes, from + 20, zone);
  return true;
}

/** Days since 1970 of the date `yyyy-mm-dd` at this place; NaN when it is none. Years before 1 are no dates in SQL. */
export function dayAt(bytes: Uint8Array, at: number): number {
  const year = numberAt(bytes, at, 4);
  const month = numberAt(bytes, at + 5, 2);
  const day = numberAt(bytes, at + 8, 2);
  const isDate = bytes[at + 4] === MINUS && bytes[at + 7] === MINUS && year >= 1 && month >= 1 && month <= 12;
  return isDate && day >= 1 && day <= daysIn(year, month) ? daysSince1970(year, month, day) : Number.NaN;
}

/** The number in so many digits; NaN when one is no digit. */
function numberAt(bytes: Uint8Array, at: number, digits: number): number {
  let number = 0;
  for (let i = at; i < at + digits; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/** Where the zone begins: here, or after `.` and digits. */
function endOfFraction(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== DOT) return at;
  let end = at + 1;
  while (end <= at + MAX_FRACTION && numberAt(bytes, end, 1) >= 0) end++;
  return end > at + 1 ? end : at;
}

function microsAt(bytes: Uint8Array, from: number, to: number): number {
  let micros = 0;
  for (let i = from; i < from + 6; i++) micros = micros * 10 + (i < to ? numberAt(bytes, i, 1) : 0);
  return micros;
}

/** Minutes that the zone at this place is ahead of UTC; NaN when it is none, or does not end at `to`. */
function offsetAt(bytes: Uint8Array, at: number, to: number): number {
  const sign = bytes[at] as number;
  if ((sign | LOWER) === LOWER_Z) return at + 1 === to ? 0 : Number.NaN;
  const hours = numberAt(bytes, at + 1, 2);
  const minutes = numberAt(bytes, at + 4, 2);
  const isZone = (sign === PLUS || sign === MINUS) && bytes[at + 3] === COLON && hours < 24 && minutes < 60;
  if (!isZone || at + 6 !== to) return Number.NaN;
  return (sign === MINUS ? -1 : 1) * (hours * 60 + minutes);
}

function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/** Counts from 1 March of year 0, so that a leap day is the last of its year. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const dayOfYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + dayOfYear - 719_468;
}
