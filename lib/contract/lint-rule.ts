import * as z from 'zod';
import { OPERATORS, type Operator } from './contract.ts';
import { isJudgedByHistory } from './judged-by-history.ts';
import { lintPattern } from './lint-pattern.ts';
import type { QualityRule } from './odcs-quality.ts';
import { describeFound, notAllowed, type Report } from './problem.ts';

/** A rule on a column: it judges rows, or the column's uniqueness. */
export const lintColumnRule = (rule: QualityRule, report: Report): void =>
  lintRule(rule, ['nullValues', 'missingValues', 'invalidValues', 'duplicateValues'], COLUMN_ARGUMENTS, report);

/** A rule on the table as a whole. */
export const lintTableRule = (rule: QualityRule, report: Report): void =>
  lintRule(rule, ['duplicateValues', 'rowCount'], TABLE_ARGUMENTS, report);

type Arguments = Readonly<Record<string, readonly string[]>>;

const COLUMN_ARGUMENTS: Arguments = { missingValues: ['missingValues'], invalidValues: ['validValues', 'pattern'] };
const TABLE_ARGUMENTS: Arguments = { duplicateValues: ['properties'] };

function lintRule(rule: QualityRule, metrics: string[], args: Arguments, report: Report): void {
  if (rule.id === undefined) report(['id'], 'missing, allowed: an id that is unique in the file');
  if (rule.name === undefined)
    report(['name'], 'missing, allowed: a name that is unique in the file; other tools show it');
  if (rule.type === 'text') return;
  if (!isRunnable(rule, metrics, report)) return;
  if (isJudgedByHistory(rule)) refuseOperators(rule, report);
  else lintOperator(rule, report);
  if (rule.metric) lintArguments(rule, args[rule.metric] ?? [], report);
  lintOutcome(rule, report);
}

/** A rule that no engine runs would look like a promise that is kept. */
function isRunnable(rule: QualityRule, metrics: string[], report: Report): boolean {
  const { type = 'library', metric, engine, query } = rule;
  if (type === 'sql' && !query) report(['query'], 'missing, allowed: a SELECT that answers with one number');
  else if (type === 'custom' && engine !== 'sluice')
    report(['engine'], notAllowed(engine, ['sluice'], 'no runner owns another engine'));
  else if (type === 'library' && !(metric && metrics.includes(metric))) report(['metric'], notAllowed(metric, metrics));
  else return true;
  return false;
}

function lintOperator(rule: QualityRule, report: Report): void {
  const operators = OPERATORS.filter((operator) => rule[operator] !== undefined);
  const [operator] = operators;
  if (operators.length !== 1 || !operator) {
    report([operators[1] ?? 'mustBe'], `found ${operators.length} operators, allowed: one, of ${OPERATORS.join(', ')}`);
    return;
  }
  if (typeof rule[operator] !== 'number' && !operator.endsWith('Between'))
    report([operator], notAllowed(rule[operator], ['a number']));
  lintUnit(rule, operator, report);
}

function refuseOperators(rule: QualityRule, report: Report): void {
  for (const key of [...OPERATORS, 'unit'] as const) {
    if (rule[key] !== undefined)
      report([key], `${describeFound(rule[key])}, allowed: none; earlier runs say what is usual`);
  }
}

function lintUnit(rule: QualityRule, operator: Operator, report: Report): void {
  const { type, metric, unit } = rule;
  if ((metric === 'rowCount' || type === 'sql') && unit === 'percent') report(['unit'], notAllowed(unit, ['rows']));
  if (
    type !== 'custom' &&
    unit === 'percent' &&
    [rule[operator]].flat().some((bound) => Number(bound) < 0 || Number(bound) > 100)
  )
    report([operator], notAllowed(rule[operator], ['a share from 0 to 100 percent']));
}

const literals = z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).min(1);
const names = z.array(z.string()).min(1);

function lintArguments(
  { arguments: args = {}, metric }: QualityRule,
  allowed: readonly string[],
  report: Report,
): void {
  for (const key of Object.keys(args)) {
    const words = allowed.length > 0 ? allowed : ['none'];
    if (!allowed.includes(key)) report(['arguments', key], `unknown key: ${notAllowed(key, words)}`);
  }
  const given = allowed.filter((key) => args[key] !== undefined);
  if (allowed.length > 0 && given.length !== 1) {
    report(['arguments'], `${describeFound(args)} for ${metric}, allowed: one, of ${allowed.join(', ')}`);
  }
  for (const key of given) lintArgument(key, args[key], report);
}

function lintArgument(key: string, value: unknown, report: Report): void {
  const path = ['arguments', key];
  if (key === 'pattern') {
    if (typeof value === 'string') lintPattern(value, path, report);
    else report(path, notAllowed(value, ['a regular expression']));
    return;
  }
  const isNames = key === 'properties';
  if ((isNames ? names : literals).safeParse(value).success) return;
  report(path, `${describeFound(value)}, allowed: a list of ${isNames ? 'column names' : 'values'}`);
}

/** Only a rule that judges rows can say which rows go to quarantine, and then all of them go. */
function lintOutcome({ type, metric, mustBe, customProperties: { onFailure } }: QualityRule, report: Report): void {
  if (onFailure !== 'quarantine') return;
  const judgesTable = !metric || metric === 'rowCount' || metric === 'duplicateValues';
  const because = judgesTable ? `${metric ?? type} judges the whole table` : 'or use mustBe: 0 and blockAbovePercent';
  if (judgesTable || mustBe !== 0)
    report(['customProperties'], `onFailure: ${notAllowed(onFailure, ['block', 'warn'], because)}`);
}
