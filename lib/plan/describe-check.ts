import type { Check, Expectation, Operator } from '../contract/contract.ts';
import type { Learning } from './learn-usual.ts';
import type { RowLimit } from './row-limit.ts';

/** What a rule asks for, as a person reads it. */
export function expectedOf(check: Check & Learning): string {
  const { columns, expect } = check;
  const asked = columns.length > 0 ? `${columns.join(', ')}: ${askedOf(check)}` : askedOf(check);
  return expect && !isMeasure(check) ? `${asked}; may fail ${numberOf(expect)}` : asked;
}

const MEASURES: readonly Check['kind'][] = ['rowCount', 'freshness', 'reconcile', 'sql', 'anomaly', 'drift'];

/** Whether a check's number is a measure of the table; else it counts rows that failed. */
export const isMeasure = ({ kind }: Check): boolean => MEASURES.includes(kind);

function askedOf(check: Check & Learning): string {
  const { kind, value = '', values = [], format = '', expect, references } = check;
  switch (kind) {
    case 'required':
      return 'a value';
    case 'minimum':
      return `at least ${value}`;
    case 'exclusiveMinimum':
      return `more than ${value}`;
    case 'maximum':
      return `at most ${value}`;
    case 'exclusiveMaximum':
      return `less than ${value}`;
    case 'multipleOf':
      return `a multiple of ${value}`;
    case 'minLength':
      return `at least ${value} characters`;
    case 'maxLength':
      return `at most ${value} characters`;
    case 'pattern':
      return `what matches ${value}`;
    case 'format':
      return `what has the format ${format}`;
    case 'enum':
      return `one of ${values.join(', ')}`;
    case 'notIn':
      return `anything but ${values.join(', ')}`;
    case 'notMissing':
      return `a value that is none of ${values.join(', ')}`;
    case 'minItems':
      return `at least ${value} items`;
    case 'maxItems':
      return `at most ${value} items`;
    case 'uniqueItems':
      return 'items that differ';
    case 'unique':
      return 'each once';
    case 'foreignKey':
      return `in ${references?.table} (${references?.columns.join(', ')})`;
    case 'rowCount':
      return expect ? numberOf(expect) : 'any number of rows';
    case 'freshness':
      return `an age of ${expect ? numberOf(expect) : 'any'}`;
    case 'reconcile':
      return `a ${check.measure} ${expect ? numberOf(expect) : 'any'} away from that of ${references?.table}`;
    case 'sql':
      return `a number: ${expect ? numberOf(expect) : 'any'}`;
    case 'anomaly':
      return `${MEASURED[check.measure ?? 'rowCount']}: ${usualOf(check)}`;
    case 'drift':
      return `values spread as usual: ${usualOf(check)}`;
  }
}

const MEASURED: Readonly<Record<NonNullable<Check['measure']>, string>> = {
  rowCount: 'rows',
  rowsIn: 'rows that came in',
  nullShare: 'percent without a value',
  sum: 'a sum',
};

/** What earlier runs say is usual, and how many they were; only a plan knows them. */
function usualOf({ kind, expect, learnt, usual }: Check & Learning): string {
  if (!learnt) return `as in earlier runs (season: ${usual?.season}, from ${usual?.minHistory} points on)`;
  const { season, points, baseline } = learnt;
  const isKnown = kind === 'drift' ? baseline !== undefined : expect !== undefined;
  if (!isKnown) return `learning (${season}, ${points} of ${usual?.minHistory} points)`;
  const bounds = (expect?.bounds ?? []).map((bound) => NUMBERS.format(bound));
  const range = kind === 'drift' ? `an index of at most ${bounds[0]}` : bounds.join(' to ');
  return `${range} (${season}, ${points} points)`;
}

/** With commas between thousands, and no more digits than a person reads. */
export const NUMBERS = new Intl.NumberFormat('en', { maximumFractionDigits: 2 });

const WORDS: Readonly<Record<Operator, string>> = {
  mustBe: 'exactly',
  mustNotBe: 'anything but',
  mustBeGreaterThan: 'more than',
  mustBeGreaterOrEqualTo: 'at least',
  mustBeLessThan: 'less than',
  mustBeLessOrEqualTo: 'at most',
  mustBeBetween: 'from',
  mustNotBeBetween: 'anything but from',
};

const numberOf = ({ operator, bounds, unit }: Expectation): string =>
  `${WORDS[operator]} ${bounds.join(' to ')}${unit === 'number' ? '' : ` ${unit}`}`;

export const expectedOfRows = ({ percent, fromRows }: RowLimit): string =>
  `at most ${percent} % of rows refused${fromRows > 1 ? `, from ${fromRows} rows on` : ''}`;

const STRUCTURE: Readonly<Record<string, string>> = {
  type: 'a value of its type',
  key: 'a value, as part of the key',
  items: 'at least 1 item',
  delete: 'a value in a delete, whose rows it names',
  order: 'a value, since it orders the events of a key',
  ahead: 'a time no farther after the arrival of its event than the contract lets it be',
  late: 'a time no farther behind the latest event than the contract lets rows come',
};

/** What is checked of every table without a rule that says so: `columns`, or `<kind>:<column>`. */
export function expectedOfStructure(rule: string): string {
  const [kind = '', column = ''] = rule.split(':');
  if (rule === 'key:repeated') return 'a key once in an event';
  return STRUCTURE[kind] ? `${column}: ${STRUCTURE[kind]}` : 'the columns of the contract';
}
