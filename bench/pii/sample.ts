import { Random } from '../../lib/source/random.ts';

/** Draws parts of made-up values; the same seed draws the same. */
export class Sample extends Random {
  below(bound: number): number {
    return this.between(0, bound - 1);
  }

  one<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }

  digits(count: number): string {
    return this.of('0123456789', count);
  }

  /** `count` characters of these. */
  of(alphabet: string, count: number): string {
    return Array.from({ length: count }, () => alphabet[this.below(alphabet.length)]).join('');
  }
}

/** Cuts into groups of these lengths. */
export function grouped(text: string, lengths: readonly number[], separator: string): string {
  let at = 0;
  return lengths
    .map((length) => {
      at += length;
      return text.slice(at - length, at);
    })
    .join(separator);
}
