import { isCastable, typeName } from './castable.ts';
import { type Column, type Contract, type Field, isStored, LAYERS, tableId } from './contract.ts';
import { type ContractFile, pipelinePath } from './contract-file.ts';
import { isValidity } from './history.ts';
import { lintChangesOfInput } from './lint-changes.ts';
import { lintMaskingKept } from './lint-masking.ts';
import { lintOlderVersion } from './lint-older-version.ts';
import { lintSharedWith, lintUpstream } from './lint-upstream.ts';
import { originsOf } from './origins.ts';
import { at, notAllowed, type Problem, type Report, type YamlPath } from './problem.ts';

/** How contracts fit together: inputs exist, layers ascend, types can be cast, and no masking is lost on the way. */
export function lintLineage(files: readonly ContractFile[]): Problem[] {
  const problems: Problem[] = [];
  const ids = files.map(({ place }) => `${place.domain}.${place.layer}.${place.table}`);
  const contracts = new Map(
    files.flatMap(({ contract }) => (contract ? [[tableId(contract), contract] as const] : [])),
  );
  const owners = new Map<string, Contract>();
  const domains = [...new Set(files.map(({ place }) => place.domain))];
  for (const { contract, source } of files) {
    if (!contract) continue;
    const report: Report = (path, text) => problems.push(source.problem(path, text));
    lintId(contract, owners, report);
    if (isStored(contract)) lintInputs(contract, ids, contracts, pipelinePath(source), report);
    lintOlderVersion(contract, contracts, pipelinePath(source), report);
    lintSharedWith(contract, domains, at(report, 'schema', 0, 'customProperties'));
  }
  return problems;
}

/** The first file that has an id owns it. */
function lintId(contract: Contract, owners: Map<string, Contract>, report: Report): void {
  const twin = owners.get(contract.id);
  if (twin) report(['id'], `found '${contract.id}', which is the id of ${twin.file}; allowed: an id of its own`);
  else owners.set(contract.id, contract);
}

type Contracts = ReadonlyMap<string, Contract>;

function lintInputs(
  contract: Contract,
  ids: readonly string[],
  contracts: Contracts,
  base: YamlPath,
  report: Report,
): void {
  contract.inputs.forEach(({ table, explode }, index) => {
    const path = [...base, 'inputs', index];
    const input = contracts.get(table);
    if (!ids.includes(table)) report([...path, 'table'], notAllowed(table, ids));
    if (!input) return; // It does not exist, or its own problems are reported with its file.
    if (input.domain === contract.domain) lintLayers(contract, input, [...path, 'table'], report);
    else lintUpstream(contract, input, [...contracts.values()], at(report, ...path, 'table'));
    const columns =
      explode === undefined ? input.columns : explodedColumns(input, explode, [...path, 'explode'], report);
    if (columns) lintColumns(contract, columns, input, report);
    lintChangesOfInput(contract, input, at(report, ...base, 'changes'));
  });
}

/** A run refines silver from bronze and models gold from silver. */
function lintLayers(contract: Contract, input: Contract, path: YamlPath, report: Report): void {
  const below = LAYERS[LAYERS.indexOf(contract.layer) - 1];
  if (input.layer !== below) report(path, `found a table of ${input.layer}, allowed: of ${below}`);
}

/** The columns that a nested row and its parent offer, the nested row's first. */
function explodedColumns(input: Contract, explode: string, path: YamlPath, report: Report): Column[] | undefined {
  const members = ({ type, items }: Field) => (type === 'array' && items?.type === 'struct' ? items.fields : undefined);
  const nested = input.columns.filter((column) => members(column));
  const fields = nested.find(({ name }) => name === explode);
  if (fields) return [...(members(fields) ?? []), ...input.columns];
  const names = nested.map(({ name }) => name);
  report(path, notAllowed(explode, names.length > 0 ? names : [`none: ${tableId(input)} has no array of objects`]));
  return undefined;
}

function lintColumns(contract: Contract, offered: readonly Column[], input: Contract, report: Report): void {
  contract.columns.forEach((column, index) => {
    const path = ['schema', 0, 'properties', index];
    const source = offered.find(({ name }) => name === column.name);
    for (const each of originsOf(column, offered, input, at(report, ...path)))
      lintMaskingKept(column, each, input, path, report);
    if (isValidity(contract, column.name)) return;
    if (contract.layer !== 'silver') return; // Gold is human logic: its columns may have any origin.
    if (!source)
      report(
        [...path, 'name'],
        notAllowed(
          column.name,
          [...new Set(offered.map(({ name }) => name))],
          `these are the columns of ${tableId(input)}`,
        ),
      );
    else if (!isCastable(source, column)) {
      report(
        [...path, 'logicalType'],
        `found ${typeName(column)}, which ${typeName(source)} of ${tableId(input)} cannot become`,
      );
    }
  });
}
