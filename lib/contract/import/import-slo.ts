import type { DraftColumn, Kept } from '../draft/draft.ts';
import { nameOf } from '../draft/snake-case.ts';
import type { Plain } from '../plain.ts';
import type { Report } from '../problem.ts';
import { minutesOf } from './import-freshness.ts';

interface Slo {
  readonly levels: readonly Plain[];
  readonly columns: readonly DraftColumn[];
  readonly kept: Kept;
}

/** Promises such as `freshness_p95: "<=10m"` and `completeness: "null_rate(total) <= 0.1%"`. */
export function readSlo(slo: Plain, report: Report): Slo {
  const levels: Plain[] = [];
  const columns: DraftColumn[] = [];
  const kept: [string, unknown][] = [];
  for (const [name, promise] of Object.entries(slo)) {
    const level = levelOf(name, String(promise));
    const column = columnOf(String(promise));
    if (level) levels.push(level);
    else if (column) columns.push(column);
    else {
      report([name], 'no equal; kept as a custom property');
      kept.push([`collector.slo.${name}`, promise]);
    }
  }
  return { levels, columns, kept };
}

/** The percentile of an age is how often it is to be kept. */
function levelOf(name: string, promise: string): Plain | undefined {
  const [, percentile] = /^freshness(?:_p(\d{2}(?:\.\d+)?))?$/.exec(name) ?? [];
  const [, age] = /^<=?\s*(.+)$/.exec(promise.trim()) ?? [];
  const minutes = minutesOf(age);
  if (!name.startsWith('freshness') || minutes === undefined) return undefined;
  const slo = { objective: Number(percentile), windowDays: 28, alert: 'burnRate' };
  return {
    id: 'sla_fresh',
    property: 'freshness',
    value: minutes,
    unit: 'minutes',
    ...(percentile && { customProperties: [{ property: 'slo', vendor: 'sluice', value: slo }] }),
  };
}

const SHARES: Readonly<Record<string, string>> = { null_rate: 'nullValues', duplicate_rate: 'duplicateValues' };

/** A share of rows that a column may fail in. */
function columnOf(promise: string): DraftColumn | undefined {
  const [, word = '', name, operator, share] =
    /^(\w+)\((\w+)\)\s*(<=|<)\s*(\d+(?:\.\d+)?)\s*%$/.exec(promise.trim()) ?? [];
  const metric = SHARES[word];
  if (!metric || name === undefined) return undefined;
  const id = `${name}_${word}`;
  const bound = { [operator === '<' ? 'mustBeLessThan' : 'mustBeLessOrEqualTo']: Number(share), unit: 'percent' };
  return {
    ...nameOf(name),
    type: 'string',
    doubts: ['type: the file says nothing'],
    rules: [{ id, name: id, metric, ...bound, severity: 'error' }],
  };
}
