/** Rows added to each bucket, so that an empty one has a logarithm. */
const SMOOTHING = 0.5;

/**
 * The population stability index: how far two spreads over the same buckets are from each other. 0 for equal shares;
 * above 0.1 people speak of a shift, above 0.2 of a great one.
 * @param a rows in each bucket
 * @param b the same buckets, in the same order
 */
export function stabilityIndex(a: readonly number[], b: readonly number[]): number {
  // Of the fewer rows, for both: equal shares stay equal, whatever the numbers of rows.
  const smoothing = SMOOTHING / Math.max(1, Math.min(sum(a), sum(b)));
  const [before, now] = [smoothShares(a, smoothing), smoothShares(b, smoothing)];
  return before.reduce((index, share, bucket) => {
    const other = now[bucket] ?? share;
    return index + (share - other) * Math.log(share / other);
  }, 0);
}

const smoothShares = (counts: readonly number[], smoothing: number): number[] =>
  counts.map((count) => (count / Math.max(1, sum(counts)) + smoothing) / (1 + smoothing * counts.length));

export const sum = (counts: readonly number[]): number => counts.reduce((all, count) => all + count, 0);
