import type * as z from 'zod';
import { explain } from './explain-issue.ts';
import { anomaly, checkNamed, drift, lintAnomaly, lintDrift } from './judged-by-history.ts';
import { lintSql } from './lint-sql.ts';
import type { QualityRule } from './odcs-quality.ts';
import type { Property, Table } from './odcs-table.ts';
import { at, notAllowed, type Report } from './problem.ts';
import { type Reconcile, reconcile } from './reconcile.ts';
import { fillPlaces, readableBy } from './sql-places.ts';

/** Rules that compute with tables: they may name their own and its inputs, and nothing else. */
export function lintComputed(table: Table, report: Report): void {
  table.properties.forEach(({ name, quality = [] }, index) => {
    quality.forEach((rule, each) => {
      lintRule(rule, table, name, at(report, 'properties', index, 'quality', each));
    });
  });
  table.quality.forEach((rule, each) => {
    lintRule(rule, table, undefined, at(report, 'quality', each));
  });
}

function lintRule(rule: QualityRule, table: Table, column: string | undefined, report: Report): void {
  if (rule.type === 'sql' && rule.query) {
    const names = [table.name, ...readableBy(table).map(({ name }) => name)];
    lintSql(fillPlaces(rule.query, table.name, column), names, at(report, 'query'));
  }
  if (rule.type === 'custom' && rule.engine === 'sluice')
    lintImplementation(rule.implementation, table, at(report, 'implementation'));
}

function lintImplementation(value: unknown, table: Table, report: Report): void {
  const lint = LINTS.get(checkNamed(value));
  if (lint) lint(value, table, report);
  else report(['check'], notAllowed(checkNamed(value), CHECKS));
}

type Lint<T> = (value: T, table: Table, report: Report) => void;

const LINTS = new Map<unknown, Lint<unknown>>([
  ['reconcile', readBy(reconcile, lintReconcile)],
  ['anomaly', readBy(anomaly, lintAnomaly)],
  ['drift', readBy(drift, lintDrift)],
]);
const CHECKS = [...LINTS.keys()].map(String);

function readBy<T>(schema: z.ZodType<T>, lint: Lint<T>): Lint<unknown> {
  return (value, table, report) => {
    const parsed = schema.safeParse(value, { error: explain });
    if (parsed.success) lint(parsed.data, table, report);
    for (const { path, message } of parsed.error?.issues ?? []) report(path as string[], message);
  };
}

function lintReconcile({ measure, column, with: other }: Reconcile, table: Table, report: Report): void {
  const inputs = readableBy(table).map((read) => read.table);
  if (!inputs.includes(other.table)) report(['with', 'table'], notAllowed(other.table, inputs, 'these are its inputs'));
  if (measure === 'rowCount') {
    if (column !== undefined) report(['column'], `found '${column}', allowed: none, since rows are counted`);
    return;
  }
  const numbers = table.properties.filter(isNumber).map(({ name }) => name);
  if (!column || !numbers.includes(column)) report(['column'], notAllowed(column, numbers));
}

const isNumber = ({ logicalType }: Property): boolean => logicalType === 'integer' || logicalType === 'number';
