/** The places from one to another along steps, both among them; undefined when no steps lead there. */
export function wayBetween(
  from: string,
  to: string,
  stepsFrom: (place: string) => readonly string[],
): readonly string[] | undefined {
  const ways = new Map<string, readonly string[]>([[from, [from]]]); // it grows while it is gone through
  for (const [reached, way] of ways) {
    if (reached === to) return way;
    for (const next of stepsFrom(reached)) if (!ways.has(next)) ways.set(next, [...way, next]);
  }
  return undefined;
}
