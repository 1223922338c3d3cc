/** A row of a file: text by column. */
export type FileRow = Readonly<Record<string, string>>;

export type ValueReader = (row: FileRow, rowNumber: number) => string | number | boolean | null;

/** How one value is made, as the mapping file says it; parsing has made sure that the keys go together. */
export interface FieldRecipe {
  readonly from?: string | undefined;
  readonly const?: string | number | boolean | undefined;
  readonly rowNumber?: true | undefined;
  readonly as?: ValueType | undefined;
  readonly format?: string | undefined;
  readonly timeZone?: string | undefined;
  readonly startsWith?: string | undefined;
  readonly stripSuffix?: string | undefined;
}

export const VALUE_TYPES = ['text', 'integer', 'decimal', 'timestamp', 'boolean'] as const;
export type ValueType = (typeof VALUE_TYPES)[number];

/**
 * Compile a recipe to a function of a row. A value that is not of its type stays the text it was: the event is sent
 * all the same, and the gate before bronze quarantines it with the reason. An empty value is null.
 */
export function readerOf(recipe: FieldRecipe): ValueReader {
  const { from, startsWith, stripSuffix, rowNumber } = recipe;
  const constant = recipe.const;
  if (constant !== undefined) return () => constant;
  if (rowNumber || from === undefined) return (_, number) => number;
  if (startsWith !== undefined) return (row) => columnOf(row, from).startsWith(startsWith);
  const convert = converterOf(recipe);
  return (row) => {
    const text = withoutSuffix(columnOf(row, from), stripSuffix);
    return text === '' ? null : convert(text);
  };
}

const columnOf = (row: FileRow, column: string): string => row[column] ?? '';

const withoutSuffix = (text: string, suffix: string | undefined): string =>
  suffix && text.endsWith(suffix) ? text.slice(0, -suffix.length) : text;

function converterOf({
  as = 'text',
  format = '',
  timeZone = 'UTC',
}: FieldRecipe): (text: string) => ReturnType<ValueReader> {
  switch (as) {
    case 'integer':
      return (text) => (/^[+-]?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text);
    case 'boolean':
      return (text) => BOOLEANS[text.toLowerCase()] ?? text;
    case 'timestamp':
      return timestampReader(format, timeZone);
    case 'text':
    case 'decimal':
      // Decimals travel as text: a JSON number would make a float of them.
      return (text) => text;
  }
}

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, false: false };

const TOKENS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<day>\\d{2})',
  d: '(?<day>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
};

/** The regular expression of a format; undefined when it has a letter that means nothing. */
export function formatPattern(format: string): RegExp | undefined {
  const parts = format.match(/([a-zA-Z])\1*|[^a-zA-Z]+/g) ?? [];
  const isKnown = parts.every((part) => part === 'T' || part in TOKENS || !/[a-zA-Z]/.test(part));
  const source = parts.map((part) => TOKENS[part] ?? part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('');
  return isKnown && ['year', 'month', 'day'].every((part) => source.includes(`<${part}>`))
    ? new RegExp(`^${source}$`)
    : undefined;
}

/** UTC, or a fixed distance from it. */
export const TIME_ZONE = /^(UTC|[+-](0\d|1[0-4]):[0-5]\d)$/;

function timestampReader(format: string, timeZone: string): (text: string) => string {
  const pattern = formatPattern(format);
  const zone = timeZone === 'UTC' ? 'Z' : timeZone;
  return (text) => {
    const { year, month, day, hour = '00', minute = '00', second = '00' } = pattern?.exec(text)?.groups ?? {};
    if (!year || !month || !day) return text;
    return `${year}-${pad(month)}-${pad(day)}T${pad(hour)}:${minute}:${second}${zone}`;
  };
}

const pad = (digits: string): string => digits.padStart(2, '0');
