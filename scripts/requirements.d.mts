/** Each answers null, or one line with what was found, what is needed and how to get it. */
export function nodeProblem(version?: string): string | null;
export function pythonProblem(): string | null;
export function javaProblem(): string | null;
