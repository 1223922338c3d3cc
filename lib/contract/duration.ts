const MINUTES = { minute: 1, hour: 60, day: 24 * 60, week: 7 * 24 * 60, month: 30 * 24 * 60, year: 365 * 24 * 60 };
export type DurationUnit = keyof typeof MINUTES;

export const ISO_DURATION =
  /^P(?=\d|T\d)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?)?$/;
const ISO_UNITS: readonly DurationUnit[] = ['year', 'month', 'week', 'day', 'hour', 'minute'];

/** The units of a duration that is written as the standard does: a number with a spelled-out unit, or ISO 8601. */
export interface Duration {
  readonly minutes: number;
  readonly units: readonly DurationUnit[];
}

/** @returns undefined for what is no duration above 0: `m` for one, which means minutes in one tool and months in another. */
export function parseDuration(value: unknown, unit?: string): Duration | undefined {
  const parts = typeof value === 'string' && unit === undefined ? isoParts(value) : numberPart(value, unit);
  const minutes = parts.reduce((sum, [amount, each]) => sum + amount * MINUTES[each], 0);
  return minutes > 0 ? { minutes, units: parts.map(([, each]) => each) } : undefined;
}

type Part = readonly [amount: number, unit: DurationUnit];

const isoParts = (text: string): Part[] =>
  ISO_UNITS.flatMap((unit, index): Part[] => {
    const amount = ISO_DURATION.exec(text)?.[index + 1];
    return amount === undefined ? [] : [[Number(amount), unit]];
  });

function numberPart(value: unknown, unit = ''): Part[] {
  const word = unit.replace(/s$/, '');
  return typeof value === 'number' && word in MINUTES ? [[value, word as DurationUnit]] : [];
}

/** Units as they may be written, from the shortest; a promise of freshness is never in months. */
export const unitWords = (longest: DurationUnit): string[] => {
  const units = Object.keys(MINUTES);
  return units.slice(0, units.indexOf(longest) + 1).flatMap((unit) => [unit, `${unit}s`]);
};
