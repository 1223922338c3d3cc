import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Contract, LAYERS } from './contract.ts';
import { type ContractFile, type Place, readContractFile } from './contract-file.ts';
import { lintLineage } from './lint-lineage.ts';
import { loadSources, withSources } from './load-sources.ts';
import { InvalidFilesError, notAllowed, type Problem } from './problem.ts';

/**
 * All contracts of a project, in the order of their paths. Throws `InvalidFilesError` with everything that is wrong
 * in any of them.
 */
export function loadContracts(root: string): Contract[] {
  const paths = contractPaths(root);
  const files: ContractFile[] = [];
  const problems: Problem[] = [];
  for (const file of paths) {
    const place = placeOf(file);
    if (place) files.push(readContractFile(file, place, readFileSync(path.join(root, file), 'utf8')));
    else problems.push(strayFile(file));
  }
  const sources = loadSources(root);
  const sourced = withSources(files, sources.found);
  problems.push(...files.flatMap((file) => file.problems), ...lintLineage(files));
  problems.push(...sources.problems, ...(sources.problems.length > 0 ? [] : sourced.problems));
  if (problems.length > 0) throw new InvalidFilesError(problems.sort(byPlace));
  return sourced.contracts;
}

/** YAML files below `domains/<domain>/contracts`, relative to the project and with `/` on every system. */
function contractPaths(root: string): string[] {
  const domains = path.join(root, 'domains');
  if (!existsSync(domains)) return [];
  const folders = readdirSync(domains).map((domain) => path.join(domains, domain, 'contracts'));
  const files = folders.filter((folder) => existsSync(folder)).flatMap(yamlFilesBelow);
  return files.map((file) => path.relative(root, file).split(path.sep).join('/')).sort();
}

const yamlFilesBelow = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => path.join(folder, name));

function placeOf(file: string): Place | undefined {
  const [, domain, layer, table] = /^domains\/([^/]+)\/contracts\/([^/]+)\/([^/]+)\.odcs\.yaml$/.exec(file) ?? [];
  if (!domain || !layer || !table || !LAYERS.some((known) => known === layer)) return undefined;
  return { domain, layer, table };
}

/** A contract that is never read would be a table that is silently missing. */
function strayFile(file: string): Problem {
  const allowed = `domains/<domain>/contracts/<${LAYERS.join('|')}>/<table>.odcs.yaml`;
  return { file, line: 1, column: 1, path: '', text: notAllowed(path.posix.basename(file), [allowed]) };
}

const byPlace = (a: Problem, b: Problem): number =>
  a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column;
