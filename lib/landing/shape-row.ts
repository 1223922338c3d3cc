import type { Column, Field, ScalarType } from '../contract/contract.ts';
import { scalarOf } from './read-scalar.ts';
import type { Finding, Row, Value } from './row.ts';

/** A row as its contract types it, or all the reasons why it is none. */
export type Shaped =
  | { readonly type: 'Row'; readonly row: Row }
  | { readonly type: 'Misfit'; readonly findings: readonly Finding[] };

export type RowShaper = (data: unknown) => Shaped;

/** Reads one value; what does not fit is added to `findings`, so that a row tells all its faults at once. */
type Reader = (found: unknown, path: string, findings: Finding[]) => Value;

/** A row of a thousand broken lines needs no thousand reasons. */
const MAX_FINDINGS = 20;

/**
 * Compiles a contract's columns into a function over `data`.
 * A column that the contract does not declare is refused: it would be lost without anyone noticing, and may be personal data.
 */
export function compileShaper(columns: readonly Column[]): RowShaper {
  const read = structReader(columns);
  return (data) => {
    const findings: Finding[] = [];
    const row = read(data, '', findings);
    return findings.length === 0 ? { type: 'Row', row: row as Row } : { type: 'Misfit', findings: shorten(findings) };
  };
}

function readerOf(field: Field): Reader {
  if (field.type === 'array') return arrayReader(field.items ?? { type: 'string' });
  if (field.type === 'struct') return structReader(field.fields ?? []);
  return scalarReader(field.type);
}

function scalarReader(type: ScalarType): Reader {
  const { read, allowed } = scalarOf(type);
  return (found, path, findings) => {
    const value = read(found);
    if (value === undefined) findings.push(mistyped(path, found, allowed));
    return value ?? null;
  };
}

function arrayReader(items: Field): Reader {
  const read = readerOf(items);
  return (found, path, findings) => {
    if (Array.isArray(found)) return found.map((item, i) => read(item, `${path}[${i}]`, findings));
    findings.push(mistyped(path, found, 'an array'));
    return null;
  };
}

function structReader(columns: readonly Column[]): Reader {
  const readers = columns.map((column) => ({ column, read: readerOf(column) }));
  const declared = new Set(columns.map(({ name }) => name));
  return (found, path, findings) => {
    if (!isObject(found)) {
      findings.push(mistyped(path, found, 'an object'));
      return null;
    }
    for (const finding of undeclaredIn(found, declared, path)) findings.push(finding);
    return Object.fromEntries(
      readers.map(({ column, read }) => [column.name, readMember(column, read, found, path, findings)]),
    );
  };
}

function readMember(
  { name, required }: Column,
  read: Reader,
  parent: Record<string, unknown>,
  path: string,
  findings: Finding[],
): Value {
  const found = Object.hasOwn(parent, name) ? parent[name] : undefined;
  const memberPath = join(path, name);
  if (found !== undefined && found !== null) return read(found, memberPath, findings);
  if (required) findings.push({ rule: 'g0.required', reason: `column '${memberPath}' is required; found none` });
  return null;
}

function undeclaredIn(found: object, declared: ReadonlySet<string>, path: string): Finding[] {
  return Object.keys(found)
    .filter((name) => !declared.has(name))
    .map((name) => ({
      rule: 'g0.undeclared',
      reason: `undeclared column '${join(path, name.slice(0, 100))}'; declare it in the contract or leave it out`,
    }));
}

function mistyped(path: string, found: unknown, allowed: string): Finding {
  const where = path ? `column '${path}'` : 'data';
  return { rule: 'g0.type', reason: `${where}: found ${kindOf(found)}; allowed is ${allowed}` };
}

/** What a value is, without telling it. */
export function kindOf(found: unknown): string {
  if (found === null || found === undefined) return 'none';
  if (Array.isArray(found)) return 'an array';
  if (typeof found === 'string') return `a string of ${found.length} characters`;
  return typeof found === 'object' ? 'an object' : `a ${typeof found}`;
}

export const isObject = (found: unknown): found is Record<string, unknown> =>
  typeof found === 'object' && found !== null && !Array.isArray(found);

const join = (path: string, name: string): string => (path ? `${path}.${name}` : name);

function shorten(findings: readonly Finding[]): Finding[] {
  const rest = findings.slice(MAX_FINDINGS);
  const [first] = rest;
  return first
    ? [...findings.slice(0, MAX_FINDINGS), { rule: first.rule, reason: `and ${rest.length} more` }]
    : [...findings];
}
