import type { DraftColumn, Kept } from '../draft/draft.ts';
import { nameOf, snakeCase } from '../draft/snake-case.ts';
import { asArray, asMap, type Plain } from '../plain.ts';
import { at, type Report } from '../problem.ts';
import { type Imported, type Importer, placeOf, UnreadableImportError } from './import.ts';
import { addTests, type Tested } from './import-dbt-tests.ts';
import { freshnessLevel } from './import-freshness.ts';
import { parseDbtYaml } from './parse-dbt-yaml.ts';
import { typeFromSql } from './types-from-sql.ts';

/** Sources and models of a dbt file: each is a table. */
export const importDbt: Importer = (text, report) => {
  const file = asMap(parseDbtYaml(text));
  const sources = asArray(file.sources).map(asMap);
  const tables = [
    ...sources.flatMap((source) => asArray(source.tables).map((table) => tableOf(asMap(table), source, report))),
    ...asArray(file.models).map((model) => tableOf(asMap(model), {}, report)),
  ];
  if (tables.length === 0) throw new UnreadableImportError("found neither 'sources' with tables nor 'models'");
  return tables;
};

/** Settings of older versions stand beside `config`, those of newer ones within. */
const settingsOf = ({ config, ...own }: Plain): Plain => ({ ...own, ...asMap(config) });

const READ = ['name', 'description', 'columns', 'meta', 'tags', 'freshness', 'loaded_at_field', 'tests', 'data_tests'];

function tableOf(table: Plain, source: Plain, report: Report): Imported {
  const settings = settingsOf(table);
  const name = snakeCase(String(table.name));
  const own = at(report, String(table.name));
  const { contract, version, owner, ...meta } = asMap(settings.meta);
  const { freshness = asMap(source).freshness, loaded_at_field: loadedAt } = settings;
  const tested = addTests(
    asArray(table.columns).map((column) => columnOf(asMap(column), own)),
    testsOf(table),
    own,
  );
  return {
    ...placeOf(String(source.schema ?? source.name ?? '')),
    id: textOf(contract),
    table: name,
    purpose: textOf(table.description),
    version: textOf(version),
    owner: textOf(owner),
    tags: asArray(settings.tags).map(String),
    columns: tested.columns,
    rules: tested.rules,
    levels: freshnessLevel(freshness, elementOf(name, loadedAt, tested.columns, own), at(own, 'freshness')),
    kept: keptOf({ ...settings, meta }, own),
  };
}

/** The column that tells a row's time; dbt also takes an expression. */
function elementOf(table: string, found: unknown, columns: readonly DraftColumn[], report: Report): string | undefined {
  if (found === undefined) return undefined;
  const name = columns.find((column) => [column.name, column.physicalName].includes(String(found)))?.name;
  if (!name) report(['loaded_at_field'], `no equal for '${found}', which is no column of the file`);
  return name && `${table}.${name}`;
}

const textOf = (found: unknown): string | undefined => (found === undefined ? undefined : String(found));

const testsOf = ({ tests, data_tests }: Plain): readonly unknown[] => [...asArray(tests), ...asArray(data_tests)];

/** What is left of a table or column, as it was written. */
function keptOf(settings: Plain, report: Report): Kept {
  const rest = Object.entries(settings).filter(
    ([key, value]) => !READ.includes(key) && key !== 'data_type' && value !== undefined,
  );
  const meta = Object.keys(asMap(settings.meta)).length > 0 ? [['meta', settings.meta] as const] : [];
  return [...rest, ...meta].map(([key, value]) => {
    report([key], 'no equal; kept as a custom property');
    return [`dbt.${key}`, value] as const;
  });
}

function columnOf(column: Plain, report: Report): Tested {
  const settings = settingsOf(column);
  const own = at(report, String(column.name));
  const { classification, pii, masking, ...meta } = asMap(settings.meta);
  const type = typeFromSql(String(column.data_type ?? ''));
  const doubts = type ? [] : [`type: dbt says ${column.data_type ?? 'nothing'}`];
  if (!type && column.data_type !== undefined) own(['data_type'], 'no equal; kept as a custom property');
  const kept = keptOf({ ...settings, meta }, own);
  const draft: DraftColumn = {
    ...nameOf(String(column.name)),
    type: type ?? 'string',
    description: textOf(column.description),
    classification: textOf(classification),
    ...(pii !== undefined && { pii: pii === 'direct' ? ['pii'] : [`pii.${pii}`] }),
    ...(masking !== undefined && { masking: asMap(masking) }),
    tags: asArray(settings.tags).map(String),
    doubts,
    kept: type || column.data_type === undefined ? kept : [...kept, ['dbt.data_type', column.data_type]],
  };
  return { column: draft, tests: testsOf(column) };
}
