import { type Check, type Expectation, OPERATORS } from './contract.ts';
import { type Anomaly, anomaly, checkNamed, type Drift, drift, isJudgedByHistory } from './judged-by-history.ts';
import type { QualityRule } from './odcs-quality.ts';
import type { Table } from './odcs-table.ts';
import type { Reconcile } from './reconcile.ts';
import { fillPlaces, readableBy } from './sql-places.ts';

const BY_SEVERITY = { error: 'block', warning: 'warn', info: 'record' } as const;

type Question = Pick<Check, 'kind'> & Partial<Check>;

/** A quality rule as checks. `lint-rule.ts` has refused those that Sluice cannot run; prose checks nothing. */
export function ruleChecks(rule: QualityRule, table: Table, column?: string): Check[] {
  const { id = '', name = '', customProperties, severity = severityOf(rule) } = rule;
  const { onFailure = BY_SEVERITY[severity], blockAbovePercent } = customProperties;
  return questionsOf(rule, table, column).map((question) => ({
    id,
    name,
    columns: column ? [column] : [],
    ...question,
    onFailure,
    ...(blockAbovePercent !== undefined && { blockAbovePercent }),
  }));
}

/** What is unusual may be right: it stops nothing unless the rule says so. */
const severityOf = (rule: QualityRule) => (isJudgedByHistory(rule) ? 'warning' : 'error');

function questionsOf(rule: QualityRule, table: Table, column?: string): Question[] {
  if (rule.type === 'sql') return [sqlQuestion(rule, table, column)];
  if (rule.type === 'custom') return [customQuestion(rule)];
  return metricQuestions(rule);
}

/** The statement with its places filled in, and the tables that it names. */
function sqlQuestion(rule: QualityRule, table: Table, column?: string): Question {
  const query = fillPlaces(rule.query ?? '', table.name, column);
  const reads = readableBy(table).filter(({ name }) => new RegExp(`\\b${name}\\b`).test(query));
  return { kind: 'sql', query, expect: expectationOf(rule, 'number'), ...(reads.length > 0 && { reads }) };
}

function customQuestion(rule: QualityRule): Question {
  switch (checkNamed(rule.implementation)) {
    case 'anomaly':
      return anomalyQuestion(anomaly.parse(rule.implementation));
    case 'drift':
      return driftQuestion(drift.parse(rule.implementation));
    default:
      return reconcileQuestion(rule);
  }
}

/** Ten rows more, or one null in a hundred, is no news of any table. */
const MIN_CHANGE = { rowCount: 10, rowsIn: 10, nullShare: 1 } as const;

const anomalyQuestion = ({ check, measure, column, minChange = MIN_CHANGE[measure], ...usual }: Anomaly): Question => ({
  ...{ kind: check, measure, columns: column === undefined ? [] : [column] },
  usual: {
    ...{ season: usual.season, minHistory: usual.minHistory, deviations: usual.deviations },
    ...{ minChangePercent: usual.minChangePercent, minChange },
  },
});

const driftQuestion = ({ check, column, values, edges, threshold, minHistory }: Drift): Question => ({
  ...{ kind: check, columns: [column], usual: { season: 'none', minHistory } },
  ...(values && { values }),
  ...(edges && { edges: edges.map(String) }),
  expect: { operator: 'mustBeLessOrEqualTo', bounds: [threshold], unit: 'number' },
});

function reconcileQuestion(rule: QualityRule): Question {
  const { measure, column, with: other } = rule.implementation as Reconcile;
  return {
    kind: 'reconcile',
    measure,
    ...(column !== undefined && { columns: [column] }),
    references: { table: other.table, columns: column === undefined ? [] : [other.column ?? column] },
    expect: expectationOf(rule, rule.unit === 'percent' ? 'percent' : 'number'),
  };
}

function metricQuestions(rule: QualityRule): Question[] {
  const { missingValues = [], validValues, pattern, properties } = rule.arguments ?? {};
  switch (rule.metric) {
    case 'nullValues':
      return [{ kind: 'required', ...shareOf(rule) }];
    case 'missingValues':
      return [{ ...missingQuestion(missingValues as unknown[]), ...shareOf(rule) }];
    case 'invalidValues':
      if (pattern !== undefined) return [{ kind: 'pattern', value: String(pattern), ...shareOf(rule) }];
      return [{ kind: 'enum', values: (validValues as unknown[]).map(String), ...shareOf(rule) }];
    case 'duplicateValues':
      return [
        { kind: 'unique', ...(properties !== undefined && { columns: properties as string[] }), ...shareOf(rule) },
      ];
    case 'rowCount':
      return [{ kind: 'rowCount', expect: expectationOf(rule, 'rows') }];
    default:
      return [];
  }
}

/** A null may be among the values that count as missing; other checks of values pass over nulls. */
function missingQuestion(missing: readonly unknown[]): Question {
  const values = missing.filter((value) => value !== null).map(String);
  if (values.length === 0) return { kind: 'required' };
  return { kind: missing.includes(null) ? 'notMissing' : 'notIn', values };
}

/** None may fail, unless the rule says how many or what share. */
const shareOf = (rule: QualityRule): Pick<Check, 'expect'> =>
  rule.mustBe === 0 ? {} : { expect: expectationOf(rule, rule.unit ?? 'rows') };

function expectationOf(rule: QualityRule, unit: Expectation['unit']): Expectation {
  const operator = OPERATORS.find((candidate) => rule[candidate] !== undefined) ?? 'mustBe';
  return { operator, bounds: [rule[operator] ?? 0].flat() as number[], unit };
}
