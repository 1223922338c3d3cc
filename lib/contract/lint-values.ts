import type { Item } from './odcs-table.ts';
import { notAllowed, type Report, type YamlPath } from './problem.ts';

/** Values that a column is compared with must be values of the column, or the comparison would never be true. */
export function lintValues({ logicalType, enum: members = [], quality = [] }: Item, report: Report): void {
  members.forEach(({ value }, index) => {
    lintValue(logicalType, value, ['enum', index, 'value'], report);
  });
  quality.forEach(({ metric, arguments: args = {} }, rule) => {
    const path = ['quality', rule, 'arguments'];
    if (args.pattern !== undefined && logicalType !== 'string') {
      report([...path, 'pattern'], `found on ${logicalType}, allowed: on string`);
    }
    for (const key of ['missingValues', 'validValues']) {
      const values = Array.isArray(args[key]) ? args[key] : [];
      values.forEach((value: unknown, index) => {
        // Null is a value that may be missing: it is checked as such.
        if (value === null && metric === 'missingValues') return;
        lintValue(logicalType, value, [...path, key, index], report);
      });
    }
  });
}

const ISO_DATE = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(\.\d+)?(Z|[+-]\d{2}:\d{2})?)?$/;

const NONE = 'none on nested values';
/** The type itself is refused. */
const NOT_JUDGED = { is: () => true, word: '' };

/** What a literal of each type looks like in a contract. */
const LITERALS: Readonly<
  Record<Item['logicalType'], { readonly is: (value: unknown) => boolean; readonly word: string }>
> = {
  string: { is: (value) => typeof value === 'string', word: 'text; put it in quotes' },
  integer: { is: (value) => isExact(value) && Number.isInteger(value), word: 'a whole number of at most 15 digits' },
  number: { is: isExact, word: 'a number of at most 15 digits' },
  boolean: { is: (value) => typeof value === 'boolean', word: 'true or false' },
  date: { is: isIsoDate, word: 'an ISO 8601 date in quotes' },
  timestamp: { is: isIsoDate, word: 'an ISO 8601 timestamp in quotes' },
  time: NOT_JUDGED,
  array: { is: () => false, word: NONE },
  object: { is: () => false, word: NONE },
  map: NOT_JUDGED,
  vector: NOT_JUDGED,
};

/** Report a literal that is none of the column's type. */
export function lintValue(logicalType: Item['logicalType'], value: unknown, path: YamlPath, report: Report): void {
  const { is, word } = LITERALS[logicalType];
  if (!is(value)) report(path, notAllowed(value, [word]));
}

/** YAML numbers pass through doubles, which keep 15 digits; checks carry them as text, without an exponent. */
function isExact(value: unknown): boolean {
  const text = String(value);
  return typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, '').length <= 15;
}

function isIsoDate(value: unknown): boolean {
  return typeof value === 'string' && ISO_DATE.test(value) && !Number.isNaN(Date.parse(value));
}

/** Report what is no regular expression. */
export function lintPattern(pattern: string, path: YamlPath, report: Report): void {
  try {
    new RegExp(pattern, 'u');
  } catch {
    report(path, notAllowed(pattern, ['a regular expression']));
  }
}
