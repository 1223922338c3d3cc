import type { ScalarType } from '../contract/contract.ts';
import type { Value } from './row.ts';

/** Reads JSON into a column's type; `undefined` when it does not fit. Nothing is rounded, guessed or coerced. */
export type ScalarReader = (found: unknown) => Value | undefined;

/** A type's reader, and what it takes, for the message of a row that does not fit. */
export interface Scalar {
  readonly read: ScalarReader;
  readonly allowed: string;
}

const INT_MAX = 2 ** 31 - 1;
const INT_MIN = -(2 ** 31);
const LONG_MAX = 2n ** 63n - 1n;
const MILLIS_PER_DAY = 86_400_000;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIMESTAMP =
  /^(\d{4}-\d{2}-\d{2})T([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d{1,9}))?(?:Z|([+-])([01]\d|2[0-3]):([0-5]\d))$/i;

/** A lone surrogate has no UTF-8 form: it would land as a replacement character. */
export const readString = (found: unknown): string | undefined =>
  typeof found === 'string' && !/\p{Surrogate}/u.test(found) ? found : undefined;

const readInt: ScalarReader = (found) =>
  typeof found === 'number' && Number.isInteger(found) && found >= INT_MIN && found <= INT_MAX ? found : undefined;

/** A number beyond 2^53 has been rounded by the parser already, so those travel as strings. */
const readLong: ScalarReader = (found) => {
  if (typeof found === 'number') return Number.isSafeInteger(found) ? BigInt(found) : undefined;
  if (typeof found !== 'string' || !/^-?\d{1,19}$/.test(found)) return undefined;
  const value = BigInt(found);
  return value <= LONG_MAX && value >= -LONG_MAX - 1n ? value : undefined;
};

const readDouble: ScalarReader = (found) => (typeof found === 'number' && Number.isFinite(found) ? found : undefined);

const readBoolean: ScalarReader = (found) => (typeof found === 'boolean' ? found : undefined);

const readDate: ScalarReader = (found) => {
  const millis = typeof found === 'string' && DATE.test(found) ? millisOfDate(found) : undefined;
  return millis === undefined ? undefined : millis / MILLIS_PER_DAY;
};

/** Digits beyond microseconds are cut, as no table of ours holds them. */
export function readTimestamp(found: unknown): bigint | undefined {
  const [, date = '', hour, minute, second, fraction = '', sign, zoneHour, zoneMinute] =
    (typeof found === 'string' && TIMESTAMP.exec(found)) || [];
  const midnight = millisOfDate(date);
  if (midnight === undefined) return undefined;
  const offset = (sign === '-' ? -1 : 1) * (Number(zoneHour ?? 0) * 60 + Number(zoneMinute ?? 0));
  const seconds = midnight / 1000 + Number(hour) * 3600 + (Number(minute) - offset) * 60 + Number(second);
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.slice(0, 6).padEnd(6, '0'));
}

/** `Date` rolls 30 February over to March, hence the comparison; years before 1 are no dates in SQL. */
function millisOfDate(text: string): number | undefined {
  const date = new Date(`${text}T00:00:00Z`);
  const exists = !Number.isNaN(date.getTime()) && text >= '0001' && date.toISOString().startsWith(text);
  return exists ? date.getTime() : undefined;
}

/** Money travels as text, because a JSON number is a binary float by the time it arrives. */
function decimalReader(precision: number, scale: number): ScalarReader {
  const pattern = new RegExp(`^(-?)0*(\\d{0,${precision - scale}})(?:\\.(\\d{0,${scale}})0*)?$`);
  return (found) => {
    if (typeof found !== 'string' || !/^-?\d+(\.\d+)?$/.test(found)) return undefined;
    const [, sign, whole, fraction = ''] = pattern.exec(found) ?? [];
    return whole === undefined ? undefined : BigInt(`${sign}0${whole}${fraction.padEnd(scale, '0')}`);
  };
}

const SCALARS: Readonly<Record<string, Scalar>> = {
  string: { read: readString, allowed: 'a string of valid Unicode' },
  int: { read: readInt, allowed: 'a whole number of 32 bits' },
  long: { read: readLong, allowed: 'a whole number of 64 bits, as a string when beyond 2^53' },
  double: { read: readDouble, allowed: 'a finite number' },
  boolean: { read: readBoolean, allowed: 'true or false' },
  date: { read: readDate, allowed: 'a date as "2011-01-04"' },
  timestamp: { read: readTimestamp, allowed: 'a timestamp with its zone as "2011-01-04T10:00:00Z"' },
};

/** The reader of a contract's type. An unknown type is a fault of the deployed contract, not of the data. */
export function scalarOf(type: ScalarType): Scalar {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision !== undefined) {
    return {
      read: decimalReader(Number(precision), Number(scale)),
      allowed: `${type} as a string like "2.55"; send it as a string`,
    };
  }
  const scalar = SCALARS[type];
  if (!scalar) throw new Error(`unknown column type '${type}'; rebuild contracts.json`);
  return scalar;
}
