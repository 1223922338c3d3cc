import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Contract } from '../../../lib/contract/contract.ts';
import { loadContracts } from '../../../lib/contract/load-contracts.ts';
import { formatProblem, InvalidFilesError } from '../../../lib/contract/problem.ts';
import type { EnvironmentName } from '../../../lib/environment-names.ts';

/** Load files as a project of their own: its contracts, or its problems as a user reads them. */
export function loadFiles(
  files: readonly { file: string; text: string | Uint8Array }[],
  environment?: EnvironmentName,
): { contracts: Contract[]; problems: string[] } {
  const root = mkdtempSync(path.join(tmpdir(), 'sluice-contracts-'));
  try {
    for (const { file, text } of files) {
      mkdirSync(path.join(root, path.dirname(file)), { recursive: true });
      writeFileSync(path.join(root, file), text);
    }
    return { contracts: loadContracts(root, environment), problems: [] };
  } catch (error) {
    if (!(error instanceof InvalidFilesError)) throw error;
    return { contracts: [], problems: error.problems.map(formatProblem) };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
