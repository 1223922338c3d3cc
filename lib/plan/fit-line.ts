import { median } from '../quality/usual-range.ts';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What a thing costs whatever its size, and what each unit of its size adds. */
export interface Line {
  readonly fixed: number;
  /** Undefined when all points have the same x: then nothing is known of what more would cost. */
  readonly rate: number | undefined;
  /** The largest x that a point had. */
  readonly most: number;
}

/** From fewer points no line is told: two of them would agree with any. */
export const LEAST_POINTS = 3;

/** The line of medians (Theil and Sen): a few runs that took much longer, for whatever reason, do not move it. */
export function fitLine(points: readonly Point[]): Line | undefined {
  if (points.length < LEAST_POINTS) return undefined;
  const slopes = points.flatMap((a, at) =>
    points.slice(at + 1).flatMap((b) => (a.x === b.x ? [] : [(b.y - a.y) / (b.x - a.x)])),
  );
  const rate = slopes.length > 0 ? Math.max(0, median(slopes)) : undefined;
  const fixed = Math.max(0, median(points.map(({ x, y }) => y - (rate ?? 0) * x)));
  return { fixed, rate, most: Math.max(...points.map(({ x }) => x)) };
}

/** What the line says of a size; undefined where it says nothing. */
export function valueAt({ fixed, rate, most }: Line, x: number): number | undefined {
  if (rate === undefined) return x <= most ? fixed : undefined;
  return fixed + rate * x;
}
