import { primaryKeyOf } from './compile-checks.ts';
import { keepsHistory, VALIDITY } from './history.ts';
import type { Property, Table } from './odcs-table.ts';
import { at, type Report } from './problem.ts';
import type { Pipeline } from './vendor-properties.ts';

/** A table that keeps every version of a row shows from when and until when each was valid; refine writes that. */
export function lintHistory(table: Table, { write }: Pipeline, report: Report): void {
  if (!keepsHistory({ write })) return;
  for (const column of VALIDITY) {
    const index = table.properties.findIndex(({ name }) => name === column.name);
    const property = table.properties[index];
    if (property) lintValidity(column, property, at(report, 'properties', index));
    else
      report(['properties'], `${column.name}: missing, allowed: ${wordsOf(column)}; mode scd2 says with it ${MEANING}`);
  }
  const key = primaryKeyOf(table.properties);
  if (key.length < 2 || key.at(-1) !== 'valid_from')
    report(['properties'], `found the primary key [${key.join(', ')}], allowed: the key of a row, and valid_from last`);
}

const MEANING = 'when a version was valid';

type Validity = (typeof VALIDITY)[number];

const wordsOf = ({ type, required }: Validity): string => `a ${required ? 'required' : 'not required'} ${type}`;

function lintValidity(column: Validity, property: Property, report: Report): void {
  const { logicalType, required = false, quality = [], enum: members, logicalTypeOptions, unique } = property;
  if (logicalType !== column.type || required !== column.required)
    report(['name'], `found ${column.name} that is not as mode scd2 has it, allowed: ${wordsOf(column)}`);
  if (quality.length > 0 || members || logicalTypeOptions || unique || property.customProperties.standardise)
    report(
      ['name'],
      `found rules or standardisers on ${column.name}, allowed: none; refine writes it, and keeps what it means`,
    );
}
