import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../../lib/environment-names.ts';
import { inProject } from './project.ts';

/** Where a command works: an environment and, for the laptop's, the folder that holds it. */
export interface Target {
  readonly env: EnvironmentName;
  readonly home: string;
}

export const envOption = (): Option =>
  new Option('--env <name>', 'environment to work on').choices(ENVIRONMENT_NAMES).default('local');

/** Of what only reads contracts: no environment is meant when it is left out. */
export const variablesOption = (): Option =>
  new Option('--env <name>', 'whose variables to fill in; the defaults when left out').choices(ENVIRONMENT_NAMES);

export const homeOption = (): Option =>
  new Option('--home <folder>', "the local cloud's data folder")
    .env('SLUICE_HOME')
    .default(inProject('.sluice'), '.sluice')
    .argParser((folder) => path.resolve(folder));

/** What shows takes all domains without it; what changes something wants it where several could be meant. */
export const domainOption = (): Option => new Option('--domain <name>', 'this one of several domains');

export const jsonOption = (): Option => new Option('--json', 'print JSON');

/** A command that works somewhere, for people or, with `--json`, for programs. */
export const withTarget = (command: Command): Command =>
  command.addOption(envOption()).addOption(homeOption()).addOption(jsonOption());

/** A command of a group that works on domains of a platform, for people or, with `--json`, for programs. */
export const domainCommand = (name: string, description: string): Command =>
  withTarget(new Command(name).description(description).addOption(domainOption()));

/** Reads a whole number from `low` to `high`. */
export const wholeNumber =
  (low: number, high = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (Number.isSafeInteger(value) && value >= low && value <= high) return value;
    const upTo = high === Number.MAX_SAFE_INTEGER ? '' : ` to ${high}`;
    throw new InvalidArgumentError(`found '${text}'; allowed is a whole number from ${low}${upTo}`);
  };

/** Reads a number above 0. */
export function positive(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError(`found '${text}'; allowed is a number above 0`);
}

/** Reads a day as it stands in the calendar. */
export function isoDay(text: string): string {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isFinite(time) && new Date(time).toISOString().startsWith(text)) return text;
  throw new InvalidArgumentError(`found '${text}'; allowed is a day such as 2011-01-04`);
}

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads a date, or how long ago: `90m`, `36h`, `7d`. Milliseconds since 1970. */
export const moment = (text: string): number => momentFrom(text, -1);

/** Reads a date, or how long from now. Milliseconds since 1970. */
export const deadline = (text: string): number => momentFrom(text, 1);

function momentFrom(text: string, direction: -1 | 1): number {
  const [, amount, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  const time = unit ? Date.now() + direction * Number(amount) * UNITS[unit as keyof typeof UNITS] : Date.parse(text);
  if (Number.isFinite(time)) return time;
  throw new InvalidArgumentError(`found '${text}'; allowed are 90m, 36h, 7d or a date such as 2011-01-04`);
}
