import { parse } from 'yaml';
import type { DraftColumn, Kept } from '../draft/draft.ts';
import { nameOf, snakeCase } from '../draft/snake-case.ts';
import { asArray, asMap, type Plain } from '../plain.ts';
import { at, type Report } from '../problem.ts';
import { type Imported, type Importer, UnreadableImportError } from './import.ts';
import { addTests } from './import-dbt-tests.ts';
import { freshnessLevel } from './import-freshness.ts';
import { readSlo } from './import-slo.ts';
import { typeFromSql } from './types-from-sql.ts';

/** The short YAML of collectors and of product files: whichever of its keys are there. */
export const importCollector: Importer = (text, report) => {
  const file = asMap(parse(withQuotedCalls(text)));
  if (file.name === undefined) throw new UnreadableImportError("found no 'name'");
  const sinks = asArray(file.sinks).map((sink) => String(asMap(sink).table ?? sink));
  const table = snakeCase((sinks[0] ?? String(file.name)).split('.').at(-1) ?? '');
  const transformed = readTransformations(asArray(file.transformations), at(report, 'transformations'));
  const slo = readSlo(asMap(file.slo), at(report, 'slo'));
  const levels = [...slo.levels, ...freshnessLevel(file.freshness, undefined, at(report, 'freshness'))];
  // A table has one freshness: the promise that says how often it holds comes before the other.
  const { freshness, ...others } = file;
  const rest = { ...others, sinks: sinks.slice(1), ...(levels.length > 1 && { freshness }) };
  const declared = addTests(columnsIn(file, report), [], report).columns;
  return [
    {
      ...(file.domain === undefined ? {} : { domain: String(file.domain) }),
      ...(file.source === undefined ? {} : { layer: 'bronze' as const }),
      table,
      name: String(file.name),
      purpose: textOf(file.description),
      owner: textOf(file.owner),
      columns: joined(declared, transformed.columns, slo.columns),
      levels: levels.slice(0, 1),
      kept: [...keptOf(rest, report), ...transformed.kept, ...slo.kept],
    },
  ] satisfies Imported[];
};

/** `dedupe(keys: [id])` stands in these files without quotes, which YAML would take for a map. */
const withQuotedCalls = (text: string): string =>
  text.replaceAll(/(?<=(?:[[,:]|^\s*-)\s*)[a-z_]+\([^()'"\n]*\)(?!\s*<)/gm, (call) => `'${call}'`);

const textOf = (found: unknown): string | undefined => (found === undefined ? undefined : String(found));

const columnsIn = (file: Plain, report: Report) =>
  asArray(file.columns).map((found) => {
    const { name, type, description, tests, classification, ...rest } = asMap(found);
    const known = typeFromSql(String(type ?? ''));
    return {
      column: {
        ...nameOf(String(name)),
        type: known ?? ('string' as const),
        description: textOf(description),
        classification: textOf(classification),
        doubts: known ? [] : [`type: the file says ${type ?? 'nothing'}`],
        kept: keptOf(known || type === undefined ? rest : { ...rest, type }, at(report, String(name))),
      },
      tests: asArray(tests),
    };
  });

interface Read {
  readonly columns: readonly DraftColumn[];
  readonly kept: Kept;
}

/** What is known of a column by its being named, and no more. */
const named = (name: unknown, more: Partial<DraftColumn>): DraftColumn => ({
  ...nameOf(String(name)),
  type: 'string',
  doubts: ['type: the file says nothing'],
  ...more,
});

function readTransformations(found: readonly unknown[], report: Report): Read {
  const columns: DraftColumn[] = [];
  const kept: [string, unknown][] = [];
  for (const call of found) {
    const [name, args] = readCall(call);
    if (name === 'dedupe' && Array.isArray(args.keys)) {
      columns.push(...args.keys.map((key, index) => named(key, { keyPosition: index + 1, required: true })));
      report([name], 'became the key: bronze keeps each event once, silver merges rows by the key');
    } else if (name === 'pii_mask' && Array.isArray(args.fields)) {
      columns.push(...args.fields.map((field) => named(field, { pii: ['pii'], classification: 'confidential' })));
    } else {
      report([name], 'no equal; kept as a custom property');
      kept.push([`collector.${name}`, call]);
    }
  }
  return { columns, kept };
}

/** `name(argument: value)` as text, or `{name: {argument: value}}`. */
function readCall(call: unknown): [name: string, args: Plain] {
  const [, name, args] = /^(\w+)\((.*)\)$/.exec(String(call)) ?? [];
  if (name !== undefined) return [name, asMap(parse(`{${args}}`))];
  const [[key, value] = [String(call), {}]] = Object.entries(asMap(call));
  return [key, asMap(value)];
}

/** A column that several parts of a file speak of is one; the one that is declared says its type. */
function joined(...lists: readonly (readonly DraftColumn[])[]): DraftColumn[] {
  const columns = new Map<string, DraftColumn>();
  for (const column of lists.flat()) {
    const { type, doubts, ...more } = column;
    const known = columns.get(column.name);
    const rules = [...(known?.rules ?? []), ...(column.rules ?? [])];
    columns.set(column.name, known ? { ...known, ...more, ...(rules.length > 0 && { rules }) } : column);
  }
  return [...columns.values()];
}

const READ = ['name', 'domain', 'description', 'owner', 'columns', 'transformations', 'slo'];

function keptOf(map: Plain, report: Report): Kept {
  return Object.entries(map)
    .filter(([key, value]) => !READ.includes(key) && !(Array.isArray(value) && value.length === 0))
    .map(([key, value]) => {
      report([key], REASONS[key] ?? 'no equal; kept as a custom property');
      return [`collector.${key}`, value] as const;
    });
}

const REASONS: Readonly<Record<string, string>> = {
  freshness: 'one a table, and slo has one already; kept as a custom property',
  dlq: 'no equal: what cannot land waits in the quarantine of the domain; kept as a custom property',
  source: 'no equal: events come by the stream of the domain; kept as a custom property',
  sinks: 'one table a contract: the others are kept as a custom property',
  policies: 'no equal: lint asks for masking of personal data, and roles have row filters; kept as a custom property',
};
