/** A number that a business goes by: how it is computed of a gold table, and what it means. */
export interface Metric {
  readonly domain: string;
  readonly name: string;
  readonly meaning: string;
  /** Of the values, such as `GBP` or `orders`. */
  readonly unit: string;
  readonly owner: string;
  /** Name of the gold table. */
  readonly table: string;
  /** The column of dates by which it is told over time. */
  readonly time: string;
  /** An aggregate in SQL that means the same to Athena and DuckDB. */
  readonly formula: string;
  /** Columns by which it may be split. */
  readonly dimensions: readonly string[];
  readonly caveats: readonly string[];
}

/** Spans of time by which every metric may be split, beside its dimensions. */
export const SPANS = ['day', 'week', 'month', 'quarter', 'year'] as const;
export type Span = (typeof SPANS)[number];
