import { storedTypeOf } from './compile-type.ts';
import type { Item } from './odcs-table.ts';
import { notAllowed, type Report, type YamlPath } from './problem.ts';

/** Values that a column is compared with must be values of the column, or the comparison would never be true. */
export function lintValues(item: Item, report: Report): void {
  const { logicalType, enum: members = [], quality = [] } = item;
  members.forEach(({ value }, index) => {
    lintValue(item, value, ['enum', index, 'value'], report);
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
        lintValue(item, value, [...path, key, index], report);
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

/** Report a literal that is none of the column's type, or that no value of the column could equal. */
export function lintValue(item: Item, value: unknown, path: YamlPath, report: Report): void {
  const { is, word } = LITERALS[item.logicalType];
  const limit = is(value) ? limitOf(item, String(value)) : word;
  if (limit) report(path, notAllowed(value, [limit]));
}

const MAX_INT = 2 ** 31 - 1;

/** What the stored type cannot hold it cannot be compared with: engines would round, or answer with a null. */
function limitOf(item: Item, text: string): string | undefined {
  const type = storedTypeOf(item, () => {});
  if (type === 'int' && Math.abs(Number(text)) > MAX_INT)
    return `a number from -${MAX_INT} to ${MAX_INT}, as int holds`;
  const [, precision, scale] = /^decimal\((\d+),(\d+)\)$/.exec(type ?? '') ?? [];
  if (precision === undefined || scale === undefined) return undefined;
  const [whole = '', fraction = ''] = text.replace('-', '').split('.');
  const fits = fraction.length <= Number(scale) && (whole === '0' || whole.length <= Number(precision) - Number(scale));
  return fits ? undefined : `a value of ${type}`;
}

/** YAML numbers pass through doubles, which keep 15 digits; checks carry them as text, without an exponent. */
function isExact(value: unknown): boolean {
  const text = String(value);
  return typeof value === 'number' && /^-?\d+(\.\d+)?$/.test(text) && text.replace(/\D/g, '').length <= 15;
}

function isIsoDate(value: unknown): boolean {
  return typeof value === 'string' && ISO_DATE.test(value) && !Number.isNaN(Date.parse(value));
}
