/** A duration as a person says it: `0.8 s`, `74 s`. */
export function seconds(milliseconds: number): string {
  const value = milliseconds / 1000;
  return value < 10 ? `${value.toFixed(1)} s` : `${Math.round(value)} s`;
}

/** `1234567` as `1,234,567`. */
export const count = (value: number): string => value.toLocaleString('en-US');

/** `1234567` bytes as `1.2 MiB`. */
export function bytes(value: number): string {
  if (value < 1024) return `${value} B`;
  const step = Math.min(Math.floor(Math.log2(value) / 10), 4);
  return `${(value / 1024 ** step).toFixed(1)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][step]}`;
}

/** `1 event`, `2 events`. */
export const plural = (value: number, noun: string): string => `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** Microseconds since 1970 as a person reads them: `2011-01-04 10:00:00`. */
export const instant = (micros: number): string => new Date(micros / 1000).toISOString().slice(0, 19).replace('T', ' ');

export type Row = Readonly<Record<string, unknown>>;

const NUMBER = /^-?[\d,]+(\.\d+)?$/;

/** Rows as aligned columns under a header; columns of numbers are aligned right. */
export function table(rows: readonly Row[], columns: readonly string[] = Object.keys(rows[0] ?? {})): string {
  const cells = rows.map((row) => columns.map((column) => cell(row[column])));
  const widths = columns.map((name, index) => Math.max(name.length, ...cells.map((line) => line[index]?.length ?? 0)));
  const isNumber = columns.map((_, index) =>
    cells.every((line) => line[index] === '' || NUMBER.test(line[index] ?? '')),
  );
  const render = (line: readonly string[]) =>
    line
      .map((text, index) => (isNumber[index] ? text.padStart(widths[index] ?? 0) : text.padEnd(widths[index] ?? 0)))
      .join('  ')
      .trimEnd();
  return [render(columns), widths.map((width) => '-'.repeat(width)).join('  '), ...cells.map(render)].join('\n');
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** Shifts every line of a text to the right. */
export const indent = (text: string, by = '  '): string => text.replaceAll(/^(?=.)/gm, by);
