import { type Check, type Column, type Contract, databaseOf, type Relationship } from '../contract.ts';
import { parseDuration } from '../duration.ts';
import type { OdcsContract, SlaProperty } from '../odcs-contract.ts';
import type { Report } from '../problem.ts';
import { writeYaml } from '../write-yaml.ts';
import type { Exporter } from './export.ts';
import { reportChecks } from './report-checks.ts';
import { sqlTypeOf } from './types-in-sql.ts';

/** `sources.yml` for models that read the table: columns, generic tests of dbt-core, and freshness. */
export const exportDbt: Exporter = ({ contract, odcs }, report) => {
  reportChecks(contract, report, (check) => testOf(check, 'string') !== undefined, isOneColumn);
  const source = {
    name: databaseOf(contract),
    schema: databaseOf(contract),
    tables: [
      {
        name: contract.table,
        description: `${contract.description} ${contract.granularity}`,
        config: { ...freshnessOf(odcs, report), meta: metaOf(contract), ...tagsOf(odcs.tags) },
        columns: contract.columns.map((column) => columnOf(column, contract)),
      },
    ],
  };
  return writeYaml({ version: 2, sources: [source] });
};

const metaOf = ({ id, version, owner }: Contract): object => ({ contract: id, version, ...(owner && { owner }) });

const tagsOf = (tags: readonly string[] = []): object => (tags.length > 0 ? { tags } : {});

function columnOf(column: Column, { checks, relationships }: Contract): object {
  const { name, description, classification, pii, masking, type } = column;
  const isAbout = ({ columns: [judged] }: { columns: readonly string[] }) => judged === name;
  const tests = [
    ...checks.filter(isAbout).flatMap((check) => testOf(check, type) ?? []),
    ...relationships.filter(isOneColumn).filter(isAbout).map(keyTestOf),
  ];
  return {
    name,
    ...(description && { description }),
    data_type: sqlTypeOf(column, 'spark'),
    config: { meta: { classification, ...(pii !== 'none' && { pii }), ...(masking && { masking }) } },
    ...(tests.length > 0 && { data_tests: tests }),
  };
}

type Test = readonly [object | string];

/** In a list, for what is no test is to vanish. A key of several columns has no generic test in dbt-core. */
function testOf(check: Check, type: Column['type']): Test | undefined {
  const { kind, columns, values, expect } = check;
  if (expect !== undefined) return undefined;
  if (kind === 'required') return [withSeverity('not_null', {}, check)];
  if (kind === 'unique' && columns.length === 1) return [withSeverity('unique', {}, check)];
  if (kind !== 'enum') return undefined;
  const args = { values, ...(type !== 'string' && { quote: false }) };
  return [withSeverity('accepted_values', { arguments: args }, check)];
}

const isOneColumn = ({ columns }: Relationship): boolean => columns.length === 1;

/** The other table is a source, too, wherever its own export is put. */
function keyTestOf({ target, onFailure }: Relationship): object | string {
  const [domain = '', layer = '', table = ''] = target.table.split('.');
  const to = `source('${domain}_${layer}', '${table}')`;
  return withSeverity('relationships', { arguments: { to, field: target.columns[0] } }, { onFailure });
}

function withSeverity(test: string, settings: object, { onFailure }: Pick<Check, 'onFailure'>): object | string {
  const all = {
    ...settings,
    ...((onFailure === 'warn' || onFailure === 'record') && { config: { severity: 'warn' } }),
  };
  return Object.keys(all).length > 0 ? { [test]: all } : test;
}

/** The agreed age is an error; with an extended one (`valueExt`) it is a warning before that. */
function freshnessOf({ slaProperties }: OdcsContract, report: Report): object {
  const level = slaProperties.find(({ property }) => property === 'freshness');
  for (const { property } of slaProperties) {
    if (property !== 'freshness') report(['slaProperties'], `no equal for '${property}'`);
  }
  if (!level) return {};
  const column = level.element?.split('.').at(-1);
  if (!column) {
    report(['slaProperties'], "freshness without an 'element' names no column to measure; left out");
    return {};
  }
  return { loaded_at_field: column, freshness: thresholdsOf(level) };
}

function thresholdsOf({ value, valueExt, unit }: SlaProperty): object {
  const agreed = periodOf(value, unit);
  if (typeof valueExt !== 'number') return { error_after: agreed };
  return { warn_after: agreed, error_after: periodOf(valueExt, unit) };
}

const PERIODS = [
  ['day', 24 * 60],
  ['hour', 60],
  ['minute', 1],
] as const;

/** A duration in the largest of dbt's periods that holds it exactly; a part of a minute counts as a whole one. */
function periodOf(value: unknown, unit?: string): object {
  const whole = Math.ceil(parseDuration(value, unit)?.minutes ?? 0);
  const [period, length] = PERIODS.find(([, each]) => whole % each === 0) ?? PERIODS[2];
  return { count: whole / length, period };
}
