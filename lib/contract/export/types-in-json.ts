import type { ScalarType } from '../contract.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const INT = { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
const SAFE = { minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER };
const LONG_DIGITS = '9223372036854775807';
/** Years before 1 are none in SQL; that a month has 30 days is left to `format`. */
const DATE = '(?!0000)\\d{4}-\\d{2}-\\d{2}';
const ZONE = '(?:[Zz]|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)';
const TIME = `(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{1,9})?${ZONE}`;

const SCALARS: Readonly<Record<string, JsonSchema>> = {
  string: { type: 'string' },
  int: { type: 'integer', ...INT },
  long: {
    $comment: 'long',
    anyOf: [
      { type: 'integer', ...SAFE },
      { type: 'string', pattern: longPattern() },
    ],
  },
  double: { type: 'number' },
  boolean: { type: 'boolean' },
  date: { type: 'string', format: 'date', pattern: `^${DATE}$` },
  timestamp: { type: 'string', format: 'date-time', pattern: `^${DATE}[Tt]${TIME}$` },
};

/** A scalar as it travels in JSON. `$comment` says the type where JSON's own does not. */
export function jsonTypeOf(type: ScalarType): JsonSchema {
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type) ?? [];
  if (precision !== undefined) return decimalSchema(type, Number(precision), Number(scale));
  const schema = SCALARS[type];
  if (!schema) throw new Error(`no JSON for the column type '${type}'`);
  return schema;
}

/** Leading zeros, and zeros behind the scale, change nothing. */
function decimalSchema(type: ScalarType, precision: number, scale: number): JsonSchema {
  const whole = `(?=\\d)0*\\d{0,${precision - scale}}`;
  const fraction = `(?:\\.(?=\\d)\\d{0,${scale}}0*)?`;
  return { $comment: type, type: 'string', pattern: `^-?${whole}${fraction}$` };
}

/** Whole numbers of 64 bits in at most 19 digits: each alternative falls below the largest at one digit. */
function longPattern(): string {
  const below = [...LONG_DIGITS].flatMap((digit, index) =>
    digit === '0' ? [] : [`${LONG_DIGITS.slice(0, index)}[0-${Number(digit) - 1}]\\d{${18 - index}}`],
  );
  return `^(?:-?(?:\\d{1,18}|${[...below, LONG_DIGITS].join('|')})|-9223372036854775808)$`;
}
