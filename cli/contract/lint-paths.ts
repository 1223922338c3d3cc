import { existsSync } from 'node:fs';
import path from 'node:path';
import { lintOverdue } from '../../lib/contract/lint-overdue.ts';
import type { Problem } from '../../lib/contract/problem.ts';
import { readProject } from '../../lib/contract/read-project.ts';
import type { EnvironmentName } from '../../lib/environment-names.ts';
import { UsageError } from '../shared/errors.ts';

/** What a lint has read, and what is wrong with it. Paths are relative to the folder in which it was started. */
export interface LintResult {
  readonly files: readonly string[];
  readonly problems: readonly Problem[];
  /** What is to be done some day soon, and fails nothing. */
  readonly warnings: readonly Problem[];
}

/** On which day a lint is made, ISO 8601, and with the variables of which environment. */
export interface LintTerms {
  readonly today: string;
  readonly environment?: EnvironmentName | undefined;
}

/**
 * Lints the contracts at or below paths. Rules that look at other contracts see the whole project that a path is in;
 * only problems of the files that are meant are told.
 */
export function lintPaths(paths: readonly string[], folder: string, terms: LintTerms): LintResult {
  const projects = new Map<string, string[]>();
  for (const name of paths) {
    const { root, meant } = placeInProject(path.resolve(folder, name), name);
    projects.set(root, [...(projects.get(root) ?? []), meant]);
  }
  const results = [...projects].map(([root, meant]) => lintProject(root, meant, folder, terms));
  return {
    files: results.flatMap(({ files }) => files),
    problems: results.flatMap(({ problems }) => problems),
    warnings: results.flatMap(({ warnings }) => warnings),
  };
}

/** The folder that has the domains, and the path from there; '' is all of it. */
function placeInProject(target: string, name: string): { root: string; meant: string } {
  if (!existsSync(target)) throw new UsageError(`found '${name}', which does not exist`);
  for (let root = target; root !== path.dirname(root); root = path.dirname(root)) {
    const meant = path.relative(root, target).split(path.sep).join('/');
    const isInside = meant === '' || meant === 'domains' || meant.startsWith('domains/');
    if (isInside && existsSync(path.join(root, 'domains'))) return { root, meant };
  }
  throw new UsageError(`found '${name}', allowed: a project, or a file or folder below its domains/`);
}

function lintProject(
  root: string,
  meant: readonly string[],
  folder: string,
  { today, environment }: LintTerms,
): LintResult {
  const { files, problems } = readProject(root, environment);
  const isMeant = (file: string) => meant.some((each) => each === '' || file === each || file.startsWith(`${each}/`));
  const shown = (file: string) => path.relative(folder, path.join(root, file));
  const names = new Set([...files.map(({ source }) => source.file), ...problems.map(({ file }) => file)]);
  const told = (all: readonly Problem[]) =>
    all.filter(({ file }) => isMeant(file)).map((problem) => ({ ...problem, file: shown(problem.file) }));
  return {
    files: [...names].filter(isMeant).map(shown),
    problems: told(problems),
    warnings: told(lintOverdue(files, today)),
  };
}
