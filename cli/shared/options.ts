import path from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import type { EnvironmentName } from '../../lib/environments.ts';
import { inProject } from './project.ts';

// The names alone: importing the environments themselves would load the CDK for every command.
const ENVIRONMENTS = ['local', 'dev', 'stage', 'prod'] as const satisfies readonly EnvironmentName[];

/** Where a command works: an environment and, for the laptop's, the folder that holds it. */
export interface Target {
  readonly env: EnvironmentName;
  readonly home: string;
}

export const envOption = (): Option =>
  new Option('--env <name>', 'environment to work on').choices(ENVIRONMENTS).default('local');

export const homeOption = (): Option =>
  new Option('--home <folder>', "the local cloud's data folder")
    .env('SLUICE_HOME')
    .default(inProject('.sluice'), '.sluice')
    .argParser((folder) => path.resolve(folder));

export const jsonOption = (): Option => new Option('--json', 'print JSON');

/** Reads a whole number from `low` upwards. */
export const wholeNumber =
  (low: number) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= low) return value;
    throw new InvalidArgumentError(`found '${text}'; allowed is a whole number from ${low}`);
  };

/** Reads a number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError(`found '${text}'; allowed is a number above 0`);
}
