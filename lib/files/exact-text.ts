const NANOS_PER_MILLI = 1_000_000n;
const MILLIS_PER_DAY = 86_400_000;

/** An unscaled integer as a decimal, all digits kept: 125 with scale 2 is '1.25'. */
export function decimalText(unscaled: bigint, scale: number): string {
  if (scale <= 0) return (unscaled * 10n ** BigInt(-scale)).toString();
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** Days since 1970 as `yyyy-mm-dd`; text that is no date beyond what ISO 8601 can say. */
export const isoDate = (days: number): string => isoOf(days * MILLIS_PER_DAY)?.slice(0, -14) ?? `day ${days}`;

/** Nanoseconds since 1970 as ISO 8601 without a zone, with nine digits; text that is no time beyond what it can say. */
export function isoTime(nanos: bigint): string {
  const below = ((nanos % NANOS_PER_MILLI) + NANOS_PER_MILLI) % NANOS_PER_MILLI;
  const iso = isoOf(Number((nanos - below) / NANOS_PER_MILLI));
  return iso === undefined ? `${nanos} ns` : `${iso.slice(0, -1)}${below.toString().padStart(6, '0')}`;
}

const LAST_MILLI = 8.64e15;

const isoOf = (millis: number): string | undefined =>
  Math.abs(millis) <= LAST_MILLI ? new Date(millis).toISOString() : undefined;

/** Two's complement, the highest byte first. */
export function signedOf(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt.asIntN(bytes.length * 8, BigInt(`0x${Buffer.from(bytes).toString('hex')}`));
}
