import type { Metric, Span } from './metric.ts';
import { SPANS } from './metric.ts';

/** What is asked of metrics of one table. */
export interface MetricWish {
  /** Spans and dimensions, in the order of the answer's columns. */
  readonly by: readonly string[];
  /** The first and the last day, ISO dates. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

const isSpan = (name: string): name is Span => (SPANS as readonly string[]).includes(name);

/** What the metrics of a table may all be split by. */
export const splitsOf = (metrics: readonly Metric[]): string[] => [
  ...SPANS,
  ...(metrics[0]?.dimensions ?? []).filter((name) => metrics.every(({ dimensions }) => dimensions.includes(name))),
];

/** A statement that Athena and DuckDB understand: a row for each split, with a column for each metric. */
export function metricQuery(metrics: readonly [Metric, ...Metric[]], { by, from, to }: MetricWish): string {
  const [{ domain, table, time }] = metrics;
  const splits = by.map((name) => (isSpan(name) ? `${spanOf(name, time)} AS ${name}` : name));
  const values = metrics.map(({ name, formula }) => `${formula} AS ${name}`);
  const within = [...(from ? [`${time} >= DATE '${from}'`] : []), ...(to ? [`${time} <= DATE '${to}'`] : [])];
  const places = by.map((_, index) => index + 1).join(', ');
  return [
    `SELECT ${[...splits, ...values].join(', ')}`,
    `FROM ${domain}_gold.${table}`,
    ...(within.length > 0 ? [`WHERE ${within.join(' AND ')}`] : []),
    ...(by.length > 0 ? [`GROUP BY ${places}`, `ORDER BY ${places}`] : []),
  ].join('\n');
}

/** A week begins on Monday. */
const spanOf = (span: Span, time: string): string =>
  span === 'day' ? time : `CAST(date_trunc('${span}', ${time}) AS DATE)`;
