import { InvalidArgumentError } from 'commander';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads a moment: ISO 8601, or how long ago as `90m`, `24h`, `7d`. */
export function readSince(text: string, now: number = Date.now()): Date {
  const [, amount, unit] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (amount !== undefined) return new Date(now - Number(amount) * UNITS[unit as keyof typeof UNITS]);
  const moment = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : undefined;
  if (moment && !Number.isNaN(moment.getTime())) return moment;
  throw new InvalidArgumentError(`found '${text}'; allowed is a time as 2026-03-01T10:00:00Z, or 90m, 24h, 7d`);
}
