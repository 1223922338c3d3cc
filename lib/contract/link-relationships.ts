import { type Check, type Contract, type Relationship, tableId } from './contract.ts';
import type { ContractFile } from './contract-file.ts';
import { type DeclaredKey, lintCircles } from './lint-circles.ts';
import { lintRelationship } from './lint-relationship.ts';
import { type ColumnRelationship, listOf, type TableRelationship } from './odcs-relationship.ts';
import { at, type Problem, type Report, type YamlPath } from './problem.ts';
import { resolveReference, type Target } from './resolve-reference.ts';

/** The files, each contract with what its foreign keys refer to; a key that refers to nothing is a problem. */
export function withRelationships(files: readonly ContractFile[]): { files: ContractFile[]; problems: Problem[] } {
  const problems: Problem[] = [];
  const keys: DeclaredKey[] = [];
  const linked = files.map((file): ContractFile => {
    if (!file.contract) return file;
    const report: Report = (path, text) => problems.push(file.source.problem(path, text));
    const own = linkedOf(file, file.contract, files, report);
    keys.push(...own);
    const relationships = own.map(({ relationship }) => relationship);
    return { ...file, contract: withKeys(file.contract, relationships) };
  });
  lintCircles(keys);
  return { files: linked, problems };
}

/** What a key refers to must be there: a check like all others. */
const withKeys = (contract: Contract, relationships: readonly Relationship[]): Contract => ({
  ...contract,
  relationships,
  checks: [...contract.checks, ...relationships.map(foreignKeyCheck)],
});

const foreignKeyCheck = ({ id, target, ...rest }: Relationship): Check => ({
  ...rest,
  id,
  name: id,
  kind: 'foreignKey',
  references: target,
});

/** Those that columns declare, then those of the table. */
function linkedOf(
  file: ContractFile,
  contract: Contract,
  files: readonly ContractFile[],
  report: Report,
): DeclaredKey[] {
  const [table] = file.odcs?.schema ?? [];
  const link = (declared: Declared, path: YamlPath, from: (own: Report) => readonly Target[] | undefined) => {
    const own = at(report, ...path);
    const referring = from(own);
    const referred = resolveAll(declared.to, file, files, at(own, 'to'));
    if (!referring || !referred || !lintRelationship(declared, referring, referred, contract, own)) return [];
    return [{ table: tableId(contract), relationship: relationshipOf(declared, referring, referred), report: own }];
  };
  const ofColumns = contract.columns.flatMap((column, index) =>
    (table?.properties[index]?.relationships ?? []).flatMap((declared, each) =>
      link(declared, ['schema', 0, 'properties', index, 'relationships', each], () => [{ contract, column }]),
    ),
  );
  const ofTable = (table?.relationships ?? []).flatMap((declared, each) =>
    link(declared, ['schema', 0, 'relationships', each], (own) =>
      resolveAll(declared.from, file, files, at(own, 'from')),
    ),
  );
  return [...ofColumns, ...ofTable];
}

type Declared = ColumnRelationship | TableRelationship;

/** Undefined when any of them leads nowhere. */
function resolveAll(
  references: string | readonly string[],
  file: ContractFile,
  files: readonly ContractFile[],
  report: Report,
): Target[] | undefined {
  const isList = Array.isArray(references);
  const targets = listOf(references).map((text, index) =>
    resolveReference(text, file, files, isList ? at(report, index) : report),
  );
  return targets.every((target) => target !== undefined) ? targets : undefined;
}

function relationshipOf(
  { id, customProperties }: Declared,
  from: readonly Target[],
  to: readonly Target[],
): Relationship {
  const columns = from.map(({ column }) => column.name);
  const [table = ''] = to.map(({ contract }) => tableId(contract));
  return {
    id: id ?? `${columns.join('_')}.foreignKey`,
    columns,
    target: { table, columns: to.map(({ column }) => column.name) },
    ...consequenceOf({ customProperties }),
  };
}

/** What becomes of rows that refer to nothing. */
export function consequenceOf({
  customProperties: { onFailure = 'block', blockAbovePercent },
}: Pick<Declared, 'customProperties'>): Pick<Relationship, 'onFailure' | 'blockAbovePercent'> {
  return { onFailure, ...(blockAbovePercent !== undefined && { blockAbovePercent }) };
}
