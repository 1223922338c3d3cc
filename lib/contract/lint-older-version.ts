import { isCastable, isNumber, typeName } from './castable.ts';
import {
  type Check,
  CLASSIFICATIONS,
  type Column,
  type Contract,
  isStored,
  madeOf,
  tableId,
  type ViewColumn,
} from './contract.ts';
import { lintMaskingKept } from './lint-masking.ts';
import { at, notAllowed, type Report, type YamlPath } from './problem.ts';

/** A table that is an older version of another: it is one, and what a view shows is what its contract says. */
export function lintOlderVersion(
  contract: Contract,
  contracts: ReadonlyMap<string, Contract>,
  pipeline: YamlPath,
  report: Report,
): void {
  if (contract.versionOf === undefined) return;
  const newer = contracts.get(contract.versionOf);
  const siblings = [...contracts.values()].filter((other) => isSibling(contract, other));
  if (!newer || !siblings.includes(newer)) {
    report([...pipeline, 'versionOf'], notAllowed(contract.versionOf, siblings.map(tableId), 'tables of the layer'));
    return;
  }
  if (majorOf(newer) <= majorOf(contract)) {
    const found = `found ${tableId(newer)} of version ${newer.version}`;
    report([...pipeline, 'versionOf'], `${found}, allowed: one above the major version of ${contract.version}`);
  }
  if (!isStored(contract)) lintView(contract, newer, pipeline, report);
}

const isSibling = (contract: Contract, other: Contract): boolean =>
  other !== contract && other.domain === contract.domain && other.layer === contract.layer && isStored(other);

const majorOf = ({ version }: Contract): number => Number(version.split('.')[0]);

function lintView(view: Contract, newer: Contract, pipeline: YamlPath, report: Report): void {
  const columns = view.columns.map(({ name }) => name);
  for (const name of Object.keys(view.write.columns ?? {})) {
    if (!columns.includes(name)) report([...pipeline, 'write', 'columns', name], notAllowed(name, columns));
  }
  view.columns.forEach((column, index) => {
    const made = madeOf(view, column.name);
    const path = ['schema', 0, 'properties', index];
    const source = newer.columns.find(({ name }) => name === made.from);
    if (source) lintColumn(column, source, made, newer, at(report, ...path));
    else report([...path, 'name'], unmade(column.name, made, newer));
  });
  for (const check of view.checks) lintCheck(check, view, newer, report);
}

const unmade = (name: string, { from }: { from: string }, newer: Contract): string => {
  const fix = `say in write.columns.${name}.from what it is made of; what nothing holds any more takes a table of its own`;
  return notAllowed(
    from,
    newer.columns.map((column) => column.name),
    fix,
  );
};

function lintColumn(column: Column, source: Column, made: ViewColumn, newer: Contract, report: Report): void {
  const origin = `${tableId(newer)}.${source.name}`;
  if (!isCastable(source, column))
    report(['logicalType'], `found ${typeName(column)}, which ${typeName(source)} of ${origin} cannot become`);
  if (made.times !== undefined && !(isNumber(source) && isNumber(column)))
    report(['logicalType'], `found ${typeName(column)} of ${typeName(source)}, allowed beside 'times': numbers`);
  if (column.required && !source.required && made.otherwise === undefined)
    report(['required'], `found true, but ${origin} may be null; say in write.columns what stands there 'otherwise'`);
  if (CLASSIFICATIONS.indexOf(column.classification) < CLASSIFICATIONS.indexOf(source.classification))
    report(['classification'], notAllowed(column.classification, [source.classification], `as ${origin} has it`));
  lintMaskingKept(column, source, newer, [], report);
}

/** Nobody checks a view: what it promises of its values is checked where they are stored, or is no promise. */
function lintCheck(check: Check, view: Contract, newer: Contract, report: Report): void {
  const isKept = check.kind === 'required' || newer.checks.some((other) => asks(other, check, view));
  if (isKept) return;
  const where = check.columns.length > 0 ? ` of ${check.columns.join(', ')}` : '';
  report(
    ['schema', 0],
    `${check.id}: found on a view, where nobody checks it; state ${check.kind}${where} in ${tableId(newer)}, too`,
  );
}

/** Whether a check asks of the stored columns what another one asks of those of the view that show them as they are. */
function asks(stored: Check, shown: Check, view: Contract): boolean {
  const made = shown.columns.map((name) => madeOf(view, name));
  if (made.some(({ times }) => times !== undefined)) return false;
  return questionOf(stored) === questionOf(shown) && stored.columns.join() === made.map(({ from }) => from).join();
}

const questionOf = ({ id, name, onFailure, blockAbovePercent, columns, values = [], ...question }: Check): string =>
  JSON.stringify({ ...question, values: [...values].sort() });
