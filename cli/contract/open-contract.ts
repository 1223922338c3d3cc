import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type ContractFile, type Place, readContractFile } from '../../lib/contract/contract-file.ts';
import type { ExportSource } from '../../lib/contract/export/export.ts';
import { asArray, asMap } from '../../lib/contract/plain.ts';
import { InvalidFilesError, notAllowed } from '../../lib/contract/problem.ts';
import { readProject } from '../../lib/contract/read-project.ts';
import { YamlSource } from '../../lib/contract/yaml-source.ts';
import { OperationError } from '../shared/errors.ts';
import { PROJECT } from '../shared/project.ts';

/** A contract by the name of its table, `<domain>.<layer>.<table>`, or by its file, which may lie anywhere. */
export function openContract(name: string): ExportSource {
  const { source, problems, odcs, contract } = findFile(name);
  if (!odcs || !contract) throw new InvalidFilesError(problems);
  return { written: source.value, odcs, contract };
}

function findFile(name: string): ContractFile {
  const { files } = readProject(PROJECT);
  const known = files.find(({ place, source }) => nameOf(place) === name || isSameFile(source.file, name));
  if (known) return known;
  if (existsSync(name)) return readAlone(name, readFileSync(name, 'utf8'));
  const allowed = notAllowed(name, [...files.map(({ place }) => nameOf(place)), 'the file of a contract']);
  throw new OperationError(`contract: ${allowed}`);
}

const nameOf = ({ domain, layer, table }: Place): string => `${domain}.${layer}.${table}`;

const isSameFile = (inProject: string, name: string): boolean =>
  path.resolve(PROJECT, inProject) === path.resolve(name);

/** A file that stands elsewhere than in a project is for the place that it speaks of. */
function readAlone(file: string, text: string): ContractFile {
  const odcs = asMap(new YamlSource(file, text).value);
  const table = asMap(asArray(odcs.schema)[0]);
  const pipeline = asArray(table.customProperties)
    .map(asMap)
    .find(({ property }) => property === 'pipeline');
  const layer = String(asMap(pipeline?.value).layer);
  return readContractFile(file, { domain: String(odcs.domain), layer, table: String(table.name) }, text);
}
