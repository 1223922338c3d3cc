import { primaryKeyOf } from '../contract/compile-checks.ts';
import type { OdcsContract } from '../contract/odcs-contract.ts';
import type { Table } from '../contract/odcs-table.ts';
import type { Pipeline } from '../contract/vendor-properties.ts';
import { type Change, change } from './change.ts';
import { compareRoles, compareSharing } from './compare-access.ts';
import { compareChecks } from './compare-checks.ts';
import { compareColumns } from './compare-columns.ts';
import { compareForeign } from './compare-foreign.ts';
import { comparePipelines } from './compare-pipelines.ts';
import { compareRest } from './compare-rest.ts';
import { compareServiceLevels } from './compare-service-levels.ts';
import { matchColumns } from './match-columns.ts';

/** A contract that describes a table and how it comes about: one that has passed `readOdcs`. */
export interface Described {
  readonly odcs: OdcsContract;
  readonly table: Table;
  readonly pipeline: Pipeline;
}

/**
 * Every difference between two versions of a contract, judged. Two files that say the same in other words or another
 * order of columns have none; a difference that no rule knows is one for somebody to look at.
 */
export function compareContracts(was: Described, is: Described): Change[] {
  return withoutRepetition([
    ...compareAddress(was, is),
    ...compareColumns(was.table.properties, is.table.properties),
    ...compareKeys(was.table, is.table),
    ...comparePipelines(was.pipeline, is.pipeline),
    ...compareChecks(was.table, is.table, is.pipeline.layer),
    ...compareServiceLevels(was.odcs.slaProperties, is.odcs.slaProperties),
    ...compareRoles(was.odcs.roles, is.odcs.roles),
    ...compareSharing(was.table.customProperties.sharedWith, is.table.customProperties.sharedWith),
    ...compareRest(was.table, is.table, 'schema', TABLE_COMPARED),
    ...compareRest({ quality: was.table.quality }, { quality: is.table.quality }, '', []),
    ...compareRest(was.odcs, is.odcs, '', CONTRACT_COMPARED),
    ...compareForeign(was.table, is.table, 'schema'),
    ...compareForeign(was.odcs, is.odcs, ''),
  ]);
}

/** That words changed says nothing where it has been told how, nor does a format that is a check. */
const withoutRepetition = (changes: readonly Change[]): Change[] =>
  changes.filter(({ kind, path }) => {
    const others = changes.filter((other) => other.kind !== kind && other.kind !== 'foreignPropertyChanged');
    if (kind === 'unitChanged') return !others.some((other) => other.path === path);
    return kind !== 'wordsChanged' || !others.some((other) => other.path.startsWith(ofWhat(path)));
  });

/** The column, or the section, that a path is in. */
const ofWhat = (path: string): string => path.replace(/\.[^.]*$/, '');

const TABLE_COMPARED = [
  'name',
  'properties',
  'customProperties',
  'dataGranularityDescription',
  'logicalType',
  'quality',
];
const CONTRACT_COMPARED = ['version', 'status', 'domain', 'schema', 'slaProperties', 'roles', 'customProperties'];

/** Where readers find the table, what state it is in and what a row of it is. */
function compareAddress(was: Described, is: Described): Change[] {
  const [before, after] = [describedTable(was), describedTable(is)];
  const [grain, newGrain] = [was.table, is.table].map((table) => table.dataGranularityDescription);
  return [
    ...(before === after ? [] : [change('tableRenamed', 'schema.name', before, after)]),
    ...(was.odcs.status === is.odcs.status ? [] : [change('statusChanged', 'status', was.odcs.status, is.odcs.status)]),
    ...(grain === newGrain ? [] : [change('grainChanged', 'dataGranularityDescription', grain, newGrain)]),
  ];
}

/** `<domain>.<layer>.<table>` */
export const describedTable = ({ odcs, table, pipeline }: Described): string =>
  `${odcs.domain}.${pipeline.layer}.${table.name}`;

/** A renamed column stays the key that it was. */
function compareKeys(was: Table, is: Table): Change[] {
  const { pairs } = matchColumns(was.properties, is.properties);
  const nameNow = (name: string) => pairs.find((pair) => pair.was.name === name)?.is.name ?? name;
  const [before, after] = [
    primaryKeyOf(was.properties).map(nameNow).join(', '),
    primaryKeyOf(is.properties).join(', '),
  ];
  return before === after ? [] : [change('keyChanged', 'primaryKey', before, after)];
}
