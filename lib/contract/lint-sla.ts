import type { SlaProperty } from './odcs-contract.ts';
import { notAllowed, type Report } from './problem.ts';

const MINUTES = { minute: 1, hour: 60, day: 24 * 60, week: 7 * 24 * 60 } as const;
const UNITS = Object.keys(MINUTES).flatMap((unit) => [unit, `${unit}s`]);
const LONG_UNITS = ['month', 'months', 'year', 'years'];
const ISO_DURATION = /^P(?=.*\d)(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/;
const ISO_LONG = /^P(?=\d)(\d+Y)?(\d+M)?(\d+D)?$/;
/** Service levels that are durations; others are only passed on. */
const DURATIONS = ['freshness', 'latency', 'retention', 'frequency'];

/** `unit: m` means minutes in one tool and months in another, so only whole words and ISO 8601 are taken. */
export function lintSla(sla: readonly SlaProperty[], report: Report): void {
  sla.forEach((entry, index) => {
    if (!DURATIONS.includes(entry.property)) return;
    lintDuration(entry, (path, text) => report([index, ...path], text));
    const first = sla.findIndex(({ property }) => property === entry.property);
    if (first < index) report([index, 'property'], `found a second '${entry.property}', allowed: one a table`);
  });
}

function lintDuration({ property, value, unit }: SlaProperty, report: Report): void {
  const units = property === 'freshness' ? UNITS : [...UNITS, ...LONG_UNITS];
  const isIso =
    typeof value === 'string' && (ISO_DURATION.test(value) || (property !== 'freshness' && ISO_LONG.test(value)));
  if (isIso && unit === undefined) return;
  if (typeof value !== 'number' || value <= 0) {
    report(['value'], notAllowed(value, ['a number above 0 with a unit', 'an ISO 8601 duration such as PT30M']));
  } else if (!units.includes(unit ?? '')) {
    report(['unit'], notAllowed(unit, units));
  }
}

/** A duration in minutes. */
export function durationMinutes({ value, unit = '' }: Pick<SlaProperty, 'value' | 'unit'>): number {
  if (typeof value === 'number') return value * (MINUTES[unit.replace(/s$/, '') as keyof typeof MINUTES] ?? 0);
  const [, weeks, days, hours, minutes] = (ISO_DURATION.exec(String(value)) ?? []).map((part) => Number(part ?? 0));
  return (weeks ?? 0) * MINUTES.week + (days ?? 0) * MINUTES.day + (hours ?? 0) * MINUTES.hour + (minutes ?? 0);
}
