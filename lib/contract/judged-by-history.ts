import * as z from 'zod';
import { lintValue } from './lint-values.ts';
import type { QualityRule } from './odcs-quality.ts';
import type { Property, Table } from './odcs-table.ts';
import { describeFound, notAllowed, type Report } from './problem.ts';

const minHistory = z.int().min(3).max(60).default(14);

/** `implementation` of a rule of `engine: sluice`: a number of the table beside what it usually is. */
export const anomaly = z.strictObject({
  check: z.literal('anomaly'),
  measure: z.enum(['rowCount', 'rowsIn', 'nullShare']),
  /** Of which the share of nulls is measured. */
  column: z.string().optional(),
  season: z.enum(['none', 'dayOfWeek', 'hourOfDay', 'dayOfMonth']).default('none'),
  deviations: z.number().min(1).max(100).default(4),
  minHistory,
  minChangePercent: z.number().min(0).max(1000).default(20),
  /** In rows, or in percentage points. */
  minChange: z.number().min(0).optional(),
});
export type Anomaly = z.output<typeof anomaly>;

const MOST_BUCKETS = 60;

/** `implementation` of a rule of `engine: sluice`: how a column's values are spread beside how they usually are. */
export const drift = z.strictObject({
  check: z.literal('drift'),
  column: z.string(),
  /** The values that are counted each on its own. */
  values: z.array(z.string()).min(1).max(MOST_BUCKETS).optional(),
  /** Where one range of numbers ends and the next begins. */
  edges: z.array(z.number()).min(1).max(MOST_BUCKETS).optional(),
  threshold: z.number().min(0.01).max(10).default(0.2),
  minHistory,
});
export type Drift = z.output<typeof drift>;

/** Which check an `implementation` asks for. */
export const checkNamed = (implementation: unknown): unknown =>
  typeof implementation === 'object' && implementation !== null && 'check' in implementation
    ? implementation.check
    : undefined;

/** Whether a rule needs no operator, since earlier runs say what is usual. */
export const isJudgedByHistory = ({ type, implementation }: QualityRule): boolean =>
  type === 'custom' && ['anomaly', 'drift'].some((check) => check === checkNamed(implementation));

export function lintAnomaly({ measure, column }: Anomaly, { properties }: Table, report: Report): void {
  if (measure === 'nullShare') {
    const names = properties.map(({ name }) => name);
    if (!column || !names.includes(column)) report(['column'], notAllowed(column, names));
  } else if (column !== undefined) {
    report(['column'], `${describeFound(column)}, allowed: none, since rows are counted`);
  }
}

export function lintDrift({ column, values, edges }: Drift, { properties }: Table, report: Report): void {
  const property = properties.find(({ name }) => name === column);
  const buckets = property && bucketsOf(property);
  if (!buckets) {
    const names = properties.filter(bucketsOf).map(({ name }) => name);
    report(['column'], notAllowed(column, names, 'texts and numbers have buckets'));
  } else if (buckets === 'values') {
    if (edges) report(['edges'], `found on ${column}, which is a text, allowed: values`);
    lintMembers(values, report);
  } else {
    if (values) report(['values'], `found on ${column}, which is a number, allowed: edges`);
    lintEdges(edges, property, report);
  }
}

function lintMembers(values: Drift['values'], report: Report): void {
  if (!values) report(['values'], 'missing, allowed: a list of the usual values of a text');
  else if (new Set(values).size < values.length) report(['values'], 'found a value twice, allowed: each once');
}

function lintEdges(edges: Drift['edges'], property: Property, report: Report): void {
  if (!edges) report(['edges'], 'missing, allowed: a list of numbers between the ranges of a number');
  edges?.forEach((edge, index) => {
    lintValue(property, edge, ['edges', index], report);
    if (edge <= (edges[index - 1] ?? Number.NEGATIVE_INFINITY))
      report(['edges', index], `found ${edge}, allowed: more than the edge before`);
  });
}

/** How the values of a column are told apart, if they can be. */
function bucketsOf({ logicalType }: Property): 'values' | 'edges' | undefined {
  if (logicalType === 'string') return 'values';
  return logicalType === 'integer' || logicalType === 'number' ? 'edges' : undefined;
}
