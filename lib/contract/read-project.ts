import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { EnvironmentName } from '../environment-names.ts';
import { readMetrics } from '../metrics/load-metrics.ts';
import { type Contract, LAYERS } from './contract.ts';
import { type ContractFile, type Place, readContractFile } from './contract-file.ts';
import { withRelationships } from './link-relationships.ts';
import { lintFreshness } from './lint-freshness.ts';
import { lintLineage } from './lint-lineage.ts';
import { loadSources, withSources } from './load-sources.ts';
import { notAllowed, type Problem } from './problem.ts';
import { loadVariables, type Variables } from './variables.ts';

/** Everything that contracts say of a project, and everything that is wrong with them. */
export interface Project {
  /** In the order of their paths. */
  readonly files: readonly ContractFile[];
  /** Those without problems of their own; fit for use only when there are no problems at all. */
  readonly contracts: Contract[];
  readonly problems: readonly Problem[];
}

/** Reads all contracts below a folder, with the variables of an environment filled in. */
export function readProject(root: string, environment?: EnvironmentName): Project {
  const problems: Problem[] = [];
  const variables = variablesOf(root, environment, problems);
  const read = contractPaths(root).flatMap((file): ContractFile[] => {
    const place = placeOf(file);
    if (place) return [readContractFile(file, place, readFileSync(path.join(root, file)), variables(place.domain))];
    problems.push(strayFile(file));
    return [];
  });
  const { files, problems: unlinked } = withRelationships(read);
  const sources = loadSources(root);
  const sourced = withSources(files, sources.found);
  problems.push(...files.flatMap((file) => file.problems), ...lintLineage(files), ...unlinked);
  problems.push(...lintFreshness(files));
  problems.push(...sources.problems, ...(sources.problems.length > 0 ? [] : sourced.problems));
  if (problems.length === 0) problems.push(...readMetrics(root, sourced.contracts).problems);
  return { files, contracts: sourced.contracts, problems: problems.sort(byPlace) };
}

/** The variables of each domain, read once. */
function variablesOf(root: string, environment: EnvironmentName | undefined, problems: Problem[]) {
  const read = new Map<string, Variables>();
  return (domain: string): Variables => {
    const known = read.get(domain);
    if (known) return known;
    const loaded = loadVariables(root, domain, environment);
    problems.push(...loaded.problems);
    read.set(domain, loaded.variables);
    return loaded.variables;
  };
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
    .map((name) => path.join(folder, name))
    .filter((file) => !statSync(file).isDirectory());

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
