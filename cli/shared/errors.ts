/** The command was understood and failed: exit code 1. The message is what the user reads. */
export class OperationError extends Error {
  override readonly name = 'OperationError';
}

/** The command was called wrongly: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What a person can read of anything thrown; SDK errors carry the useful word in their name. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof OperationError || error instanceof UsageError || error.name === 'Error') return error.message;
  return `${error.name}: ${error.message}`;
}
