import { CommanderError } from 'commander';
import { createProgram } from '../cli/program.ts';
import { messageOf, UsageError } from '../cli/shared/errors.ts';

const OK = 0;
const FAILED = 1;
const WRONG_USAGE = 2;

/** Commander prints its own messages; help and version are no errors. */
function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? OK : WRONG_USAGE;
  process.stderr.write(`sluice: ${messageOf(error)}\n`);
  if (process.env.SLUICE_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return error instanceof UsageError ? WRONG_USAGE : FAILED;
}

try {
  const [, , command] = process.argv;
  await (await createProgram(command)).parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}
