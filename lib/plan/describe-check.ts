import type { Check } from '../contract/contract.ts';
import type { RowLimit } from './row-limit.ts';

/** What a rule asks for, as a person reads it. */
export function expectedOf({ kind, value = '', values = [], columns, min, max }: Check): string {
  const of = columns.join(', ');
  switch (kind) {
    case 'required':
      return `${of}: a value`;
    case 'minimum':
      return `${of}: at least ${value}`;
    case 'exclusiveMinimum':
      return `${of}: more than ${value}`;
    case 'maximum':
      return `${of}: at most ${value}`;
    case 'exclusiveMaximum':
      return `${of}: less than ${value}`;
    case 'minLength':
      return `${of}: at least ${value} characters`;
    case 'maxLength':
      return `${of}: at most ${value} characters`;
    case 'pattern':
      return `${of}: what matches ${value}`;
    case 'enum':
      return `${of}: one of ${values.join(', ')}`;
    case 'notIn':
      return `${of}: anything but ${values.join(', ')}`;
    case 'unique':
      return `${of}: each once`;
    case 'rowCount':
      return rowsBetween(min, max);
  }
}

const rowsBetween = (min: number | undefined, max: number | undefined): string => {
  if (max === undefined) return `at least ${min} rows`;
  return min === undefined ? `at most ${max} rows` : `${min} to ${max} rows`;
};

export const expectedOfRows = ({ percent, fromRows }: RowLimit): string =>
  `at most ${percent} % of rows refused${fromRows > 1 ? `, from ${fromRows} rows on` : ''}`;

const STRUCTURE: Readonly<Record<string, string>> = {
  type: 'a value of its type',
  key: 'a value, as part of the key',
  items: 'at least 1 item',
};

/** What is checked of every table without a rule that says so: `columns`, or `<kind>:<column>`. */
export function expectedOfStructure(rule: string): string {
  const [kind = '', column = ''] = rule.split(':');
  if (rule === 'key:repeated') return 'a key once in an event';
  return STRUCTURE[kind] ? `${column}: ${STRUCTURE[kind]}` : 'the columns of the contract';
}
