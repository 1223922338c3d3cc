import type { Contract } from '../../lib/contract/contract.ts';
import { type Section, sectionsOf } from '../../lib/contract/contract-sections.ts';
import { indent, table } from '../shared/format.ts';

/** A contract as a person reads it in a terminal. */
export const describeContract = (contract: Contract): string =>
  [contract.name ?? contract.table, ...sectionsOf(contract).map(describeSection)].join('\n\n');

const describeSection = ({ title, rows }: Section): string => `${title}\n${indent(table(withoutEmpty(rows)))}`;

/** A column that is empty in all rows only takes room. */
function withoutEmpty(rows: Section['rows']): Section['rows'] {
  const filled = Object.keys(rows[0] ?? {}).filter((name) => rows.some((row) => row[name]));
  return rows.map((row) => Object.fromEntries(filled.map((name) => [name, row[name] ?? ''])));
}
