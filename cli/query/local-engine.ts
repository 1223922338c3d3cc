import { execFile } from 'node:child_process';
import { OperationError } from '../shared/errors.ts';
import { inProject } from '../shared/project.ts';

/** Answers a statement over the local cloud's tables; the answer is the text of a JSON array. */
export const queryLocally = (sql: string): Promise<string> => askEngine(sql);

/** Writes the answer to a statement into a Parquet file. */
export async function exportLocally(sql: string, file: string): Promise<void> {
  await askEngine(sql, file);
}

function askEngine(sql: string, ...args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: Number.POSITIVE_INFINITY };
    const child = execFile(
      inProject('.venv', 'bin', 'python'),
      [inProject('local', 'query.py'), ...args],
      options,
      (error, stdout, stderr) => {
        if (error) reject(new OperationError(stderr.trim() || error.message));
        else resolve(stdout);
      },
    );
    child.stdin?.end(sql);
  });
}
