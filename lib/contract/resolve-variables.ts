import { notAllowed, type Report, type YamlPath } from './problem.ts';
import type { Variables, VariableValue } from './variables.ts';

const PLACE = /\$\{([^}]*)\}/g;
const WHOLE = /^\$\{([^}]*)\}$/;

/** What the standard lets the SQL of a rule say of the table in hand; the compiler of the rule fills it in. */
const PLACES_IN_SQL = ['object', 'table', 'model', 'schema', 'property', 'column', 'field'];

/**
 * A value of a file with the places of variables filled in. A text that is nothing but a place takes the variable's
 * own type, so `port: ${PORT}` may be a number. A place that nothing fills is reported, and stays.
 */
export function resolveVariables(value: unknown, variables: Variables, path: YamlPath, report: Report): unknown {
  if (typeof value === 'string') return value.includes('${') ? filled(value, variables, path, report) : value;
  if (Array.isArray(value))
    return value.map((item, index) => resolveVariables(item, variables, [...path, index], report));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolveVariables(item, variables, [...path, key], report)]),
  );
}

function filled(text: string, variables: Variables, path: YamlPath, report: Report): VariableValue {
  const isSql = path.at(-1) === 'query';
  const look = (name: string): VariableValue | undefined => {
    if (isSql && PLACES_IN_SQL.includes(name)) return undefined;
    const value = variables.values.get(name);
    if (value === undefined) report(path, unknown(name, variables));
    return value;
  };
  const [, whole] = WHOLE.exec(text) ?? [];
  if (whole !== undefined) return look(whole) ?? text;
  return text.replace(PLACE, (place, name: string) => String(look(name) ?? place));
}

function unknown(name: string, { file, values }: Variables): string {
  const declared = [...values.keys()];
  if (declared.length === 0) return `found '\${${name}}', allowed: what ${file} declares, which is nothing`;
  return notAllowed(name, declared, `these are the variables of ${file}`);
}
