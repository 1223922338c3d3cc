import { fileURLToPath } from 'node:url';

/** The project's folder, wherever the command was started. */
export const projectRoot = fileURLToPath(new URL('../../', import.meta.url));

export const projectPath = (...parts: readonly string[]): string => projectRoot + parts.join('/');
