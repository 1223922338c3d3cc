import { stringify } from 'yaml';

/** YAML that readers of 1.1 and of 1.2 take alike: a text that either would read as a date or a truth is quoted. */
export const writeYaml = (value: unknown): string =>
  stringify(value, { schema: 'yaml-1.1', lineWidth: 120, aliasDuplicateObjects: false });
