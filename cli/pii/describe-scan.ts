import { KINDS } from '../../lib/pii/finding.ts';
import { plural, table } from '../shared/format.ts';
import type { ScannedColumn } from './scan-rows.ts';

/** A scan as a person reads it; it shows no value. */
export function describeScan(rows: number, columns: readonly ScannedColumn[]): string {
  if (columns.length === 0) return 'no texts to look at';
  const lines = columns.map((column) => ({
    column: column.column,
    values: column.values,
    found: column.found.map(describeFound).join(', '),
    declared: describeDeclared(column),
    verdict: verdictOf(column),
  }));
  const suspects = columns.filter(({ isSuspect }) => isSuspect);
  const fix = suspects.length > 0 ? `\n${FIX}` : '';
  return `${table(lines)}\n${plural(rows, 'row')}, ${plural(columns.length, 'column')}, ${plural(suspects.length, 'suspect')}${fix}`;
}

const FIX =
  'declare a suspect in its contract: a tag such as pii, a classification and a masking; or masking none with approvedBy and reason';

const describeFound = ({ kind, hits, values, isProven }: ScannedColumn['found'][number]): string =>
  `${isProven ? '' : 'perhaps '}${KINDS[kind].replace(/^an? /, '')} ${((100 * hits) / values).toFixed(1)}%`;

function describeDeclared({ declared }: ScannedColumn): string {
  if (!declared) return '';
  const { classification, pii, masking, exempt } = declared;
  const personal = pii === 'none' ? [] : [`pii ${pii}`];
  return [classification, ...personal, ...(masking ? [masking.method] : []), ...(exempt ? ['approved'] : [])].join(
    ', ',
  );
}

function verdictOf({ isSuspect, found }: ScannedColumn): string {
  if (isSuspect) return 'SUSPECT';
  return found.some(({ isProven }) => isProven) ? 'declared' : found.length > 0 ? 'look' : '';
}
