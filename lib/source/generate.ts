import type { FileRow } from './read-value.ts';

/** What is to be made up. */
export interface GeneratedRange {
  /** The first and the last day, ISO dates. */
  readonly from: string;
  readonly to: string;
  /** Another seed, another world. */
  readonly seed: number;
  /** Rows of real files that what is made up fits; none: it stands for itself. */
  readonly data: readonly FileRow[];
}

/**
 * `domains/<domain>/generators/<source>.ts` exports one as `generate`: the lines of a file that the source reads. The same
 * seed and data give the same lines, and what two ranges share is the same in both.
 */
export type Generate = (range: GeneratedRange) => Iterable<string>;

/** A line of a CSV file. */
export const csvLine = (values: readonly (string | number)[]): string => values.map(quoted).join(',');

const quoted = (value: string | number): string =>
  /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
