import { type Contract, tableId } from './contract.ts';
import type { Property, Table } from './odcs-table.ts';
import { at, notAllowed, type Report } from './problem.ts';
import type { Pipeline } from './vendor-properties.ts';

type Changes = NonNullable<Pipeline['changes']>;

/** How a table's contract says what events do; paths are those of its `changes`. */
export function lintChanges({ layer, write }: Pipeline, changes: Changes, table: Table, report: Report): void {
  const { operation, deletes = [], truncates = [], orderBy } = changes;
  if (layer !== 'silver' || write.mode === 'view')
    report([], `found on ${write.mode === 'view' ? 'a view' : layer}, allowed: on a table of silver`);
  if (operation === undefined && orderBy === undefined)
    report([], 'found neither operation nor orderBy, allowed: one of them, or both');
  const values = [...deletes, ...truncates];
  if (operation === undefined && values.length > 0)
    report(['operation'], 'missing, allowed: the column of bronze that says what an event does');
  if (operation !== undefined && values.length === 0)
    report(['operation'], 'found without deletes and truncates, allowed: with the values of those that there are');
  const twice = truncates.findIndex((value) => deletes.includes(value));
  if (twice >= 0)
    report(['truncates', twice], `found '${truncates[twice]}' among deletes as well, allowed: in one of them`);
  if (orderBy !== undefined) lintOrder(orderBy, table.properties, at(report, 'orderBy'));
}

const isOrdered = ({ logicalType, physicalType, primaryKey, customProperties }: Property): boolean =>
  !primaryKey && // all events of a key would be equal
  ['string', 'integer', 'number', 'date', 'timestamp'].includes(logicalType ?? '') &&
  physicalType !== 'double' && // it has values that are no numbers
  customProperties.masking === undefined && // tokens are in no order
  customProperties.standardise === undefined; // bronze is asked for the same value

function lintOrder(orderBy: string, properties: readonly Property[], report: Report): void {
  const candidates = properties.filter(isOrdered).map(({ name }) => name);
  const reason =
    'a column of the table itself, of one value that has an order, outside of the key, neither masked nor standardised';
  if (!candidates.includes(orderBy)) report([], notAllowed(orderBy, candidates, reason));
}

/** Whether bronze says what the table's contract takes from its events as a whole. */
export function lintChangesOfInput(contract: Contract, input: Contract, report: Report): void {
  const columns = input.columns.filter(({ type }) => type !== 'array' && type !== 'struct').map(({ name }) => name);
  for (const key of ['operation', 'orderBy'] as const) {
    const name = contract.changes?.[key];
    if (name !== undefined && !columns.includes(name))
      report([key], notAllowed(name, columns, `these are the columns of ${tableId(input)} with one value`));
  }
}
