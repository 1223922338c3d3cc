import path from 'node:path';

/** The project's folder, wherever the command was started. */
export const PROJECT = path.resolve(import.meta.dirname, '..', '..');

/** A path inside the project. */
export const inProject = (...parts: readonly string[]): string => path.join(PROJECT, ...parts);
