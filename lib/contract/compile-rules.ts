import type { Check } from './contract.ts';
import type { QualityRule } from './odcs-quality.ts';

const BY_SEVERITY = { error: 'block', warning: 'warn', info: 'record' } as const;

type Question = Pick<Check, 'kind'> & Partial<Check>;

/** A quality rule as checks. `lint-rule.ts` has refused those that Sluice cannot run; prose checks nothing. */
export function ruleChecks(rule: QualityRule, column?: string): Check[] {
  const { id = '', name = '', customProperties, severity = 'error' } = rule;
  const { onFailure = BY_SEVERITY[severity], blockAbovePercent } = customProperties;
  return questionsOf(rule).map((question) => ({
    id,
    name,
    columns: column ? [column] : [],
    ...question,
    onFailure,
    ...(blockAbovePercent !== undefined && { blockAbovePercent }),
  }));
}

function questionsOf(rule: QualityRule): Question[] {
  const { missingValues = [], validValues, pattern, properties } = rule.arguments ?? {};
  switch (rule.metric) {
    case 'nullValues':
      return [{ kind: 'required' }];
    case 'missingValues':
      return missingQuestions(rule, missingValues as unknown[]);
    case 'invalidValues':
      if (pattern !== undefined) return [{ kind: 'pattern', value: String(pattern) }];
      return [{ kind: 'enum', values: (validValues as unknown[]).map(String) }];
    case 'duplicateValues':
      return [{ kind: 'unique', ...(properties !== undefined && { columns: properties as string[] }) }];
    case 'rowCount':
      return [{ kind: 'rowCount', ...boundsOf(rule) }];
    default:
      return [];
  }
}

/** A null may be among the values that count as missing; checks of values ignore nulls, so it becomes a check of its own. */
function missingQuestions({ id }: QualityRule, missing: readonly unknown[]): Question[] {
  const values = missing.filter((value) => value !== null).map(String);
  const questions: Question[] = values.length > 0 ? [{ kind: 'notIn', values }] : [];
  return missing.includes(null) ? [...questions, { id: `${id}.required`, kind: 'required' }] : questions;
}

/** Row counts are whole numbers, so an exclusive bound is the next inclusive one. */
function boundsOf(rule: QualityRule): Pick<Check, 'min' | 'max'> {
  const { mustBe, mustBeGreaterThan, mustBeGreaterOrEqualTo, mustBeLessThan, mustBeLessOrEqualTo, mustBeBetween } =
    rule;
  if (typeof mustBe === 'number') return { min: mustBe, max: mustBe };
  if (mustBeGreaterThan !== undefined) return { min: Math.floor(mustBeGreaterThan) + 1 };
  if (mustBeGreaterOrEqualTo !== undefined) return { min: Math.ceil(mustBeGreaterOrEqualTo) };
  if (mustBeLessThan !== undefined) return { max: Math.ceil(mustBeLessThan) - 1 };
  if (mustBeLessOrEqualTo !== undefined) return { max: Math.floor(mustBeLessOrEqualTo) };
  const [min = 0, max = 0] = mustBeBetween ?? [];
  return { min, max };
}
