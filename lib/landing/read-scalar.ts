import type { ScalarType } from '../contract/contract.ts';
import { dayAt, readInstant } from './read-instant.ts';
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
/** Each of its parts can match in one way only, so that no text makes it slow. */
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;
const LONG_MAX = 2n ** 63n - 1n;
/** Longer texts are no dates, whatever they hold. */
const MAX_TIME_LENGTH = 40;
const DATE_LENGTH = 10;
/** A lone surrogate has no UTF-8 form: it would land as a replacement character. */
export const readString = (found: unknown): string | undefined =>
  typeof found === 'string' && found.isWellFormed() ? found : undefined;

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
  if (typeof found !== 'string' || found.length !== DATE_LENGTH) return undefined;
  const day = dayAt(Buffer.from(found), 0);
  return Number.isNaN(day) ? undefined : day;
};

/** Microseconds since 1970 UTC. */
export function readTimestamp(found: unknown): bigint | undefined {
  if (typeof found !== 'string' || found.length > MAX_TIME_LENGTH) return undefined;
  const bytes = Buffer.from(found);
  const instant = { seconds: 0, micros: 0 };
  if (!readInstant(bytes, 0, bytes.length, instant)) return undefined;
  return BigInt(instant.seconds) * 1_000_000n + BigInt(instant.micros);
}

/** Money travels as text, because a JSON number is a binary float by the time it arrives. */
function decimalReader(precision: number, scale: number): ScalarReader {
  return (found) => {
    const [, sign, whole = '', fraction = ''] = (typeof found === 'string' && DECIMAL.exec(found)) || [];
    if (sign === undefined) return undefined;
    const digits = whole.replace(/^0+/, '');
    if (digits.length > precision - scale || /[1-9]/.test(fraction.slice(scale))) return undefined;
    return BigInt(`${sign}0${digits}${fraction.slice(0, scale).padEnd(scale, '0')}`);
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
