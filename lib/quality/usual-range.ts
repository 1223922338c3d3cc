import type { Usual } from '../contract/contract.ts';

/** The median absolute deviation of normally spread numbers, times this, is their standard deviation. */
const MAD_TO_DEVIATION = 1.4826;
/** Numbers that hardly ever changed are taken to vary so much, as a share of their median. */
const LEAST_MAD = 0.05;

/**
 * From what to what a number is usual, both inclusive: as many deviations around the median as the rule says, and never
 * nearer to it than its smallest changes. Medians, since single outliers among earlier numbers do not move them.
 * @param numbers what was measured before, of one season; at least one
 * @param most the greatest number that there can be
 */
export function usualRange(numbers: readonly number[], usual: Usual, most = Number.POSITIVE_INFINITY) {
  const { deviations = 0, minChangePercent = 0, minChange = 0 } = usual;
  const middle = median(numbers);
  const spread = Math.max(median(numbers.map((number) => Math.abs(number - middle))), LEAST_MAD * Math.abs(middle));
  const change = Math.max(
    deviations * MAD_TO_DEVIATION * spread,
    (minChangePercent / 100) * Math.abs(middle),
    minChange,
  );
  return [Math.max(0, middle - change), Math.min(most, middle + change)] as const;
}

/** @param numbers at least one */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = sorted.length % 2 === 1 ? [sorted[half], sorted[half]] : sorted.slice(half - 1, half + 1);
  return (low + high) / 2;
}
