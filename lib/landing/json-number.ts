const DOT = 0x2e;
const MINUS = 0x2d;
const ZERO = 0x30;
const NUMBER = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** So many digits are exact in a JavaScript number. */
export const SAFE_DIGITS = 15;
export const POWERS_OF_TEN = Float64Array.from({ length: SAFE_DIGITS + 1 }, (_, exponent) => 10 ** exponent);

/** A number with a fixed point: `unscaled / 10^scale`. */
export interface FixedPoint {
  unscaled: number;
  scale: number;
  /** In all, leading zeros too. */
  digits: number;
}

/** Reads `-?digits` or `-?digits.digits` from exactly these bytes; false when they are none, or too long to be exact. */
export function readFixedPoint(bytes: Uint8Array, from: number, to: number, number: FixedPoint): boolean {
  const isNegative = bytes[from] === MINUS;
  let [unscaled, digits, dot] = [0, 0, to];
  for (let i = isNegative ? from + 1 : from; i < to; i++) {
    const digit = (bytes[i] as number) - ZERO;
    if (digit >= 0 && digit <= 9) {
      unscaled = unscaled * 10 + digit;
      digits++;
    } else if (bytes[i] === DOT && dot === to && digits > 0 && i + 1 < to) dot = i;
    else return false;
  }
  number.unscaled = isNegative ? -unscaled : unscaled;
  number.scale = dot === to ? 0 : to - dot - 1;
  number.digits = digits;
  return digits > 0 && digits <= SAFE_DIGITS;
}

/** Whether a number begins with a zero that JSON forbids. */
export function isPadded(bytes: Uint8Array, from: number, { digits, scale }: FixedPoint): boolean {
  return bytes[bytes[from] === MINUS ? from + 1 : from] === ZERO && digits - scale > 1;
}

/**
 * Whether a JSON number that becomes a whole number in JavaScript was one as it was sent: 9007199254740991.4 and 1e-400
 * are not. That a fraction is rounded as doubles are is no loss that anyone is not used to.
 */
export function keepsNumber(text: string): boolean {
  const value = Number(text);
  if (!Number.isInteger(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) return true;
  const [, whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const behindPoint = fraction.length - Number(exponent);
  return behindPoint <= 0 || !/[1-9]/.test(`${whole}${fraction}`.slice(-behindPoint));
}
