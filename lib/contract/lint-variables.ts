import type { Report, YamlPath } from './problem.ts';

/** ODCS allows `${NAME}` anywhere; Sluice resolves none yet, and a placeholder that stays one is an error. */
export function lintVariables(value: unknown, path: YamlPath, report: Report): void {
  if (typeof value === 'string') {
    const [variable] = /\$\{\w+\}/.exec(value) ?? [];
    if (variable) report(path, `found '${variable}', allowed: the value itself; nothing resolves variables yet`);
  } else if (Array.isArray(value)) {
    value.forEach((element, index) => {
      lintVariables(element, [...path, index], report);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, element] of Object.entries(value)) lintVariables(element, [...path, key], report);
  }
}
