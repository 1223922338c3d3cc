import { type Plain, withProperties } from '../plain.ts';
import type { Report } from '../problem.ts';

/** Kinds of server that v3.1 of the standard does not know. */
const NEW_TYPES = [
  ...['btrieve', 'exasol', 'fastobjects', 'hana', 'iceberg', 'ingres'],
  ...['poet', 'teradata', 'vectorwise', 'versant'],
];
const NEW_KEYS = ['encoding', 'workgroup', 'catalogUrl', 'namespace'];

/** A server in v3.1: one of a new kind is a custom one. What is no key there moves to `customProperties`. */
export function downgradeServer(server: Plain, report: Report): Plain {
  const type = downgradeType(server, report);
  const kept: Record<string, unknown> = {};
  const moved: [string, unknown][] = type === server.type ? [] : [['type', server.type]];
  for (const [key, value] of Object.entries(server)) {
    if (!isNew(key, value)) kept[key] = value;
    else {
      report([key], 'v3.1.0 has no such key here; moved to customProperties');
      moved.push([key, value]);
    }
  }
  return withProperties({ ...kept, type }, moved);
}

function downgradeType({ type, stagingDir }: Plain, report: Report): unknown {
  const isNewType = NEW_TYPES.includes(String(type));
  if (!isNewType && (type !== 'athena' || stagingDir !== undefined)) return type;
  const reason = isNewType ? 'knows no such server' : "takes no athena without 'stagingDir'";
  report(['type'], `v3.1.0 ${reason}; became 'custom', the type moved to customProperties`);
  return 'custom';
}

/** A port was a number only; a variable is text. */
const isNew = (key: string, value: unknown): boolean =>
  NEW_KEYS.includes(key) || (key === 'port' && typeof value !== 'number');
