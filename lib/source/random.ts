/** A random source that gives the same numbers for the same seed, on every machine (mulberry32). */
export class Random {
  constructor(private state: number) {}

  /** One of its own for each thing that is so called: what is drawn for one is the same whatever is drawn for others. */
  static of(seed: number, ...names: readonly string[]): Random {
    let hash = 0x811c9dc5 ^ seed; // FNV-1a
    for (const sign of names.join('\u0000')) hash = Math.imul(hash ^ (sign.codePointAt(0) ?? 0), 0x01000193);
    return new Random(hash);
  }

  /** At least 0, below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number from `low` to `high`, both inclusive. */
  between(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  /** True with this probability. */
  chance(probability: number): boolean {
    return this.next() < probability;
  }

  pick<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.between(0, choices.length - 1)] ?? choices[0];
  }
}
