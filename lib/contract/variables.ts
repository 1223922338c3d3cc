import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { ENVIRONMENT_NAMES, type EnvironmentName } from '../environment-names.ts';
import { parseYaml } from './explain-issue.ts';
import { InvalidFilesError, notAllowed, type Problem } from './problem.ts';
import { YamlSource } from './yaml-source.ts';

/** What the contracts of a domain may call by `${NAME}`, in one environment. */
export interface Variables {
  /** `domains/<domain>/variables.yaml`, whether it is there or not. */
  readonly file: string;
  readonly values: ReadonlyMap<string, VariableValue>;
}
export type VariableValue = string | number | boolean;

export const NO_VARIABLES: Variables = { file: 'domains/<domain>/variables.yaml', values: new Map() };

const NAME = /^[A-Za-z_]\w*$/;
const names = z.record(z.string().regex(NAME), z.union([z.string(), z.number(), z.boolean()]));

/** `default` declares every variable; an environment says which of them have another value there. */
const variablesFile = z.strictObject({
  default: names,
  ...Object.fromEntries(ENVIRONMENT_NAMES.map((name) => [name, names.optional()])),
});

/** A domain's variables as they are in an environment; in none, as they are by default. */
export function loadVariables(
  root: string,
  domain: string,
  environment: EnvironmentName | undefined,
): { variables: Variables; problems: Problem[] } {
  const file = `domains/${domain}/variables.yaml`;
  const none = { ...NO_VARIABLES, file };
  const where = path.join(root, file);
  if (!existsSync(where)) return { variables: none, problems: [] };
  const source = new YamlSource(file, readFileSync(where));
  const parsed = parseYaml<VariablesFile>(source, variablesFile as z.ZodType<VariablesFile>);
  if (!parsed.ok) return { variables: none, problems: parsed.problems };
  const declared = parsed.value;
  const own = environment && declared[environment];
  const values = new Map(Object.entries({ ...declared.default, ...own }));
  return { variables: { file, values }, problems: strangers(declared, source) };
}

/**
 * The variables of the domain that a contract's file lies in, in whichever project that is; none where it lies in no
 * domain. @throws InvalidFilesError with all that is wrong with them
 */
export function variablesFor(file: string, environment?: EnvironmentName): Variables {
  const [, root, domain] = /^(.*[\\/])domains[\\/]([^\\/]+)[\\/]/.exec(path.resolve(file)) ?? [];
  if (root === undefined || domain === undefined) return NO_VARIABLES;
  const { variables, problems } = loadVariables(root, domain, environment);
  if (problems.length > 0) throw new InvalidFilesError(problems);
  return variables;
}

type VariablesFile = { readonly default: Values } & { readonly [E in EnvironmentName]?: Values | undefined };
type Values = Readonly<Record<string, VariableValue>>;

/** A variable that only one environment has would break the contracts in all others. */
function strangers(declared: VariablesFile, source: YamlSource): Problem[] {
  const known = Object.keys(declared.default);
  return ENVIRONMENT_NAMES.flatMap((environment) =>
    Object.keys(declared[environment] ?? {})
      .filter((name) => !known.includes(name))
      .map((name) => source.problem([environment, name], notAllowed(name, known, 'declare it under default, too'))),
  );
}
