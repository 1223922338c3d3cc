import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type ContractFile, type Place, readContractFile } from '../../lib/contract/contract-file.ts';
import { type ExportSource, exportSource } from '../../lib/contract/export/export.ts';
import { asArray, asMap } from '../../lib/contract/plain.ts';
import { notAllowed } from '../../lib/contract/problem.ts';
import { readProject } from '../../lib/contract/read-project.ts';
import { variablesFor } from '../../lib/contract/variables.ts';
import { YamlSource } from '../../lib/contract/yaml-source.ts';
import type { EnvironmentName } from '../../lib/environment-names.ts';
import { OperationError } from '../shared/errors.ts';
import { PROJECT } from '../shared/project.ts';

/**
 * A contract by the name of its table, `<domain>.<layer>.<table>`, or by its file, which may lie anywhere, with the
 * variables of an environment filled in.
 */
export const openContract = (name: string, environment?: EnvironmentName): ExportSource =>
  exportSource(findFile(name, environment));

function findFile(name: string, environment: EnvironmentName | undefined): ContractFile {
  const { files } = readProject(PROJECT, environment);
  const known = files.find(({ place, source }) => nameOf(place) === name || isSameFile(source.file, name));
  if (known) {
    variablesFor(path.join(PROJECT, known.source.file), environment); // one that is wrong is told, not what it lacks
    return known;
  }
  if (existsSync(name)) return readAlone(name, environment);
  const allowed = notAllowed(name, [...files.map(({ place }) => nameOf(place)), 'the file of a contract']);
  throw new OperationError(`contract: ${allowed}`);
}

const nameOf = ({ domain, layer, table }: Place): string => `${domain}.${layer}.${table}`;

const isSameFile = (inProject: string, name: string): boolean =>
  path.resolve(PROJECT, inProject) === path.resolve(name);

/** A file that stands elsewhere than in this project is for the place that it speaks of. */
function readAlone(file: string, environment: EnvironmentName | undefined): ContractFile {
  const text = readFileSync(file, 'utf8');
  const odcs = asMap(new YamlSource(file, text).value);
  const table = asMap(asArray(odcs.schema)[0]);
  const pipeline = asArray(table.customProperties)
    .map(asMap)
    .find(({ property }) => property === 'pipeline');
  const layer = String(asMap(pipeline?.value).layer);
  const place = { domain: String(odcs.domain), layer, table: String(table.name) };
  return readContractFile(file, place, text, variablesFor(file, environment));
}
