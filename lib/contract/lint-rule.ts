import * as z from 'zod';
import { lintPattern } from './lint-values.ts';
import { OPERATORS, type Operator, type QualityRule } from './odcs-quality.ts';
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
  lintOperator(rule, report);
  lintArguments(rule, args[rule.metric ?? ''] ?? [], report);
  lintOutcome(rule, report);
}

/** A rule that no engine runs would look like a promise that is kept. */
function isRunnable({ type = 'library', metric }: QualityRule, metrics: string[], report: Report): boolean {
  if (type !== 'library')
    report(['type'], notAllowed(type, ['library', 'text'], 'no runner owns this type of rule yet'));
  else if (!metric || !metrics.includes(metric)) report(['metric'], notAllowed(metric, metrics));
  else return true;
  return false;
}

const COUNT_OPERATORS = OPERATORS.filter((operator) => !operator.startsWith('mustNot'));
const SHARES = 'for a share of failed rows use onFailure and blockAbovePercent';

function lintOperator(rule: QualityRule, report: Report): void {
  const operators = OPERATORS.filter((operator) => rule[operator] !== undefined);
  const allowed = rule.metric === 'rowCount' ? COUNT_OPERATORS : (['mustBe'] as const);
  const [operator] = operators;
  if (operators.length !== 1 || !operator) {
    report([operators[1] ?? 'mustBe'], `found ${operators.length} operators, allowed: one, of ${allowed.join(', ')}`);
  } else if (rule.metric === 'rowCount') {
    lintCount(rule, operator, report);
  } else if (operator !== 'mustBe') {
    report([operator], notAllowed(operator, allowed, SHARES));
  } else if (rule.mustBe !== 0) {
    report(['mustBe'], notAllowed(rule.mustBe, ['0'], SHARES));
  }
}

function lintCount(rule: QualityRule, operator: Operator, report: Report): void {
  if (!COUNT_OPERATORS.includes(operator)) report([operator], notAllowed(operator, COUNT_OPERATORS));
  else if (operator === 'mustBe' && typeof rule.mustBe !== 'number')
    report(['mustBe'], notAllowed(rule.mustBe, ['a number']));
  if (rule.unit === 'percent') report(['unit'], notAllowed(rule.unit, ['rows']));
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

/** Only a rule that judges rows can say which rows go to quarantine. */
function lintOutcome({ metric, customProperties: { onFailure } }: QualityRule, report: Report): void {
  const judgesTable = metric === 'rowCount' || metric === 'duplicateValues';
  if (onFailure !== 'quarantine' || !judgesTable) return;
  const text = notAllowed(onFailure, ['block', 'warn'], `${metric} judges the whole table`);
  report(['customProperties'], `onFailure: ${text}`);
}
