import { copyFileSync, existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ContractFile } from '../../lib/contract/contract-file.ts';
import { formatPastProblem, type Problem } from '../../lib/contract/problem.ts';
import { type Project, readProject } from '../../lib/contract/read-project.ts';
import type { GitTree } from './git-tree.ts';

/** The contracts of a project as they were at a commit. */
export interface Past {
  readonly files: readonly ContractFile[];
  /** What is wrong with variables of then for which those of today stand in. */
  readonly unreadable: readonly string[];
}

/**
 * Reads contracts as they were. Where their variables cannot be read, those of today stand in for them: what else has
 * changed is told all the same, and not that each text with a variable in it has.
 */
export function readPast(root: string, base: GitTree): Past {
  return base.withFiles('domains', (place) => {
    const past = readProject(place);
    const faults = past.problems.filter((problem) => keepsFromReading(problem, past));
    if (faults.length === 0) return { files: past.files, unreadable: [] };
    for (const { file } of faults) standIn(path.join(root, file), path.join(place, file));
    const unreadable = faults.map((fault) => `${formatPastProblem(fault, base.name)}; ${STAND_IN}`);
    return { files: readProject(place).files, unreadable };
  });
}

const STAND_IN = 'compared with the variables of today';

function keepsFromReading({ file }: Problem, { files }: Project): boolean {
  const [, domain] = /^domains\/([^/]+)\/variables\.yaml$/.exec(file) ?? [];
  return files.some(({ place, problems }) => place.domain === domain && problems.length > 0);
}

function standIn(today: string, then: string): void {
  if (existsSync(today)) copyFileSync(today, then);
  else rmSync(then, { force: true });
}
