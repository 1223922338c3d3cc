import type { EnvironmentName } from '../environment-names.ts';
import type { Contract } from './contract.ts';
import { withModels } from './model-text.ts';
import { InvalidFilesError } from './problem.ts';
import { readProject } from './read-project.ts';

/**
 * All contracts of a project, in the order of their paths, with the variables of an environment filled in and what tells its models from others. Throws
 * `InvalidFilesError` with everything that is wrong in any of them.
 */
export function loadContracts(root: string, environment?: EnvironmentName): Contract[] {
  const { contracts, problems } = readProject(root, environment);
  if (problems.length > 0) throw new InvalidFilesError(problems);
  return withModels(root, contracts);
}
