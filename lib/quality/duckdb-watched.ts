import type { Check } from '../contract/contract.ts';
import { literal, type Named } from './duckdb-conditions.ts';
import { quoteName } from './duckdb-types.ts';

/** The number of `anomaly`; of no rows there is no share. Where no run brought them, all rows have come in. */
export function watched({ measure, columns: [name = ''] }: Check): string {
  if (measure !== 'nullShare') return 'count(*)';
  return `CAST(count(*) FILTER (WHERE ${quoteName(name)} IS NULL) AS DOUBLE) * 100 / nullif(count(*), 0)`;
}

/** The rows in each bucket of `drift`: of each value and all others, or of each range; then those without a value. */
export function spread(check: Check, column: Named): string {
  const value = quoteName(column.name);
  const buckets = check.values ? ofValues(value, check.values, column) : ofRanges(value, check.edges ?? [], column);
  const counts = [...buckets, `${value} IS NULL`].map((bucket) => `count(*) FILTER (WHERE ${bucket})`);
  return `list_value(${counts.join(', ')})`;
}

function ofValues(value: string, values: readonly string[], column: Named): string[] {
  const members = values.map((text) => literal(text, column));
  return [...members.map((member) => `${value} = ${member}`), `${value} NOT IN (${members.join(', ')})`];
}

function ofRanges(value: string, edges: readonly string[], column: Named): string[] {
  const starts = [`${value} IS NOT NULL`, ...edges.map((edge) => `${value} >= ${literal(edge, column)}`)];
  return starts.map((start, index) => `${start} AND NOT ${starts[index + 1] ?? 'false'}`);
}
