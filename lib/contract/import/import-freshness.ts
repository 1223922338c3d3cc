import { asMap, type Plain } from '../plain.ts';
import type { Report } from '../problem.ts';

const MINUTES: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 24 * 60 };
const SHORT: Readonly<Record<string, string>> = { m: 'minute', min: 'minute', h: 'hour', d: 'day' };

/** `{count: 2, period: hour}`, `2 hours` or `10m`, in minutes; undefined for anything else. */
export function minutesOf(found: unknown): number | undefined {
  const { count, period } = asMap(found);
  const [, amount, unit = ''] = /^(\d+(?:\.\d+)?)\s*([a-z]+)$/.exec(String(found).trim()) ?? [];
  const word = String(period ?? SHORT[unit] ?? unit.replace(/s$/, ''));
  const minutes = Number(count ?? amount) * (MINUTES[word] ?? Number.NaN);
  return minutes > 0 ? minutes : undefined;
}

/**
 * dbt's freshness as a service level: what it warns of is agreed, what it fails on is the extended value, and stands
 * alone when there is no warning.
 */
export function freshnessLevel(freshness: unknown, element: string | undefined, report: Report): Plain[] {
  const { warn_after: warn, error_after: error, ...rest } = asMap(freshness);
  for (const key of Object.keys(rest)) report([key], 'no equal');
  const [agreed, extended] = [minutesOf(warn), minutesOf(error)];
  const value = agreed ?? extended;
  if (value === undefined) {
    if (warn !== undefined || error !== undefined) report([], 'no duration in minutes, hours or days');
    return [];
  }
  if (extended === undefined) report(['warn_after'], 'only warns in dbt; became what is agreed');
  return [
    {
      id: 'sla_fresh',
      property: 'freshness',
      value,
      ...(agreed !== undefined && extended !== undefined && { valueExt: extended }),
      unit: 'minutes',
      ...(element && { element }),
    },
  ];
}
