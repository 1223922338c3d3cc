import { storedTypeOf } from '../contract/compile-type.ts';
import { ROW_CHECKS } from '../contract/contract.ts';
import type { Item, Property } from '../contract/odcs-table.ts';
import { type Change, change } from './change.ts';
import { compareProtection } from './compare-access.ts';
import { compareForeign } from './compare-foreign.ts';
import { compareRest } from './compare-rest.ts';
import { compareType } from './compare-type.ts';
import { type Matched, matchColumns } from './match-columns.ts';

type Columns = readonly Property[];

/** What changed of the columns of a table, and of the members of nested ones. Their checks are compared by themselves. */
export function compareColumns(was: Columns, is: Columns, prefix = 'columns.'): Change[] {
  const { pairs, dropped, added }: Matched = matchColumns(was, is);
  return [
    ...dropped.map((column) => change('columnDropped', prefix + column.name, typeText(column))),
    ...added.map((column) => change(addedKind(column), prefix + column.name, undefined, typeText(column))),
    ...pairs.flatMap((pair) => compareColumn(pair.was, pair.is, prefix + pair.is.name)),
  ];
}

const addedKind = ({ required }: Property) => (required ? 'requiredColumnAdded' : 'optionalColumnAdded');

function compareColumn(was: Property, is: Property, path: string): Change[] {
  const found = [
    ...(was.name === is.name ? [] : [change('columnRenamed', path, was.name, is.name)]),
    ...compareRequired(was, is, path),
    ...compareProtection(was, is, path),
    ...compareStandardisers(was, is, path),
    ...compareItem(was, is, path),
  ];
  return [...found, ...compareRest(was, is, path, COMPARED), ...compareForeign(was, is, path)];
}

/** What a column's own rules compare, here or in `compare-checks.ts`. */
const COMPARED = [
  ...['name', 'required', 'classification', 'customProperties', 'logicalType', 'physicalType', 'logicalTypeOptions'],
  ...['items', 'properties', 'primaryKey', 'primaryKeyPosition', 'unique', 'enum'],
];

function compareRequired(was: Property, is: Property, path: string): Change[] {
  if (Boolean(was.required) === Boolean(is.required)) return [];
  return is.required
    ? [change('becameRequired', path, 'optional', 'required')]
    : [change('becameOptional', path, 'required', 'optional')];
}

function compareStandardisers(was: Property, is: Property, path: string): Change[] {
  const [before, after] = [was.customProperties.standardise ?? [], is.customProperties.standardise ?? []];
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  return [change('standardiserChanged', `${path}.standardise`, before, after)];
}

/** The type, and what is nested in it: members of an object, items of an array. */
function compareItem(was: Item, is: Item, path: string): Change[] {
  const [before, after] = [typeText(was), typeText(is)];
  const relation = compareType(before, after);
  if (relation !== 'same') return [change(TYPE_KINDS[relation], path, before, after)];
  return [
    ...compareOptions(was, is, path),
    ...(was.items && is.items ? compareItems(was.items, is.items, `${path}[]`) : []),
    ...(was.properties && is.properties ? compareColumns(was.properties, is.properties, `${path}.`) : []),
  ];
}

const TYPE_KINDS = { wider: 'typeWidened', narrower: 'typeNarrowed', different: 'typeReplaced' } as const;

/** The type in which values are stored, as a word; what is nested is compared by itself. */
const typeText = (item: Item): string => storedTypeOf(item, () => {}) ?? item.logicalType;

const compareItems = (was: Item, is: Item, path: string): Change[] => [
  ...compareItem(was, is, path),
  ...compareRest(was, is, path, COMPARED),
  ...compareForeign(was, is, path),
];

/** Options that say how a value is to be understood. */
const UNITS = ['format', 'timezone', 'defaultTimezone'];

/** Options that restrict a value are checks, and compared as such. */
function compareOptions(was: Item, is: Item, path: string): Change[] {
  const [before, after] = [optionsOf(was), optionsOf(is)];
  const units = UNITS.filter((option) => before[option] !== after[option]);
  return [
    ...units.map((option) => change('unitChanged', `${path}.${option}`, before[option], after[option])),
    ...compareRest(before, after, `${path}.logicalTypeOptions`, [...UNITS, ...ROW_CHECKS]),
  ];
}

const optionsOf = ({ logicalTypeOptions = {} }: Item): Readonly<Record<string, unknown>> => ({ ...logicalTypeOptions });
