/** What is to be made up. */
export interface GeneratedRange {
  /** The first and the last day, ISO dates. */
  readonly from: string;
  readonly to: string;
  /** Another seed, another world. */
  readonly seed: number;
}

/**
 * `domains/<domain>/generators/<source>.ts` exports one as `generate`: the lines of a file that the source reads. The same
 * seed gives the same lines, and what two ranges share is the same in both.
 */
export type Generate = (range: GeneratedRange) => Iterable<string>;
