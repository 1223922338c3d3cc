import type { Read } from './contract.ts';
import type { Table } from './odcs-table.ts';

/** What the standard calls the table and the column in hand, with and without a dollar sign. */
const PLACES = /\$?\{(object|table|model|schema|property|column|field)\}/g;
const OF_COLUMN = ['property', 'column', 'field'];

/** The statement of a rule with its places filled in; a place of a column stays where the rule is on the table. */
export const fillPlaces = (query: string, table: string, column?: string): string =>
  query
    .trim()
    .replace(/;$/, '')
    .replace(PLACES, (place, name: string) => (OF_COLUMN.includes(name) ? (column ?? place) : table));

/** The inputs of a table as its statements name them: `<layer>_<table>`. */
export const readableBy = ({ customProperties }: Pick<Table, 'customProperties'>): Read[] =>
  (customProperties.pipeline?.inputs ?? []).map(({ table }) => ({
    name: table.split('.').slice(1).join('_'),
    table,
  }));
