import { parse } from 'csv-parse/sync';
import { findLosses } from '../landing/find-losses.ts';
import { JsonCursor } from '../landing/json-cursor.ts';
import { FAULTS, isTooDeep } from '../landing/open-record.ts';
import { isObject } from '../landing/shape-row.ts';
import { missingColumns } from '../source/map-rows.ts';
import type { CsvMapping, FileForm } from '../source/source-mapping.ts';
import { type TextReader, textReaderOf, utf8Of } from './decode-text.ts';
import { type Bytes, type Found, type Position, type RowBlock, START, UnreadableFileError } from './file-rows.ts';
import { type Line, MAX_LINE_BYTES, type Quoting, splitLines } from './split-lines.ts';

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** A wider table is no table of a contract. */
const MAX_COLUMNS = 2000;

/** What of a CSV file every part of it needs to know. */
export interface CsvHeader {
  readonly columns: readonly string[];
  /** Where the first row stands. */
  readonly rowsFrom: Position;
}

/** The signs that make a line break part of a value. */
export const quotingOf = ({ format, quote, delimiter }: FileForm): Quoting | undefined =>
  format === 'csv' && quote !== 'none' ? { quote: quote.charCodeAt(0), delimiter: delimiter.charCodeAt(0) } : undefined;

/** The content of a text file in an encoding in which a line break is one byte. */
export const textOf = (content: Bytes, { encoding }: FileForm): Bytes =>
  encoding === 'utf-16le' ? utf8Of(content) : content;

/** Reads the header of a CSV file, from its first bytes on. Throws `UnreadableFileError` when the file is another. */
export async function readHeader(text: Bytes, form: FileForm, csv: CsvMapping): Promise<CsvHeader | undefined> {
  if (form.header) return { columns: form.header, rowsFrom: START };
  for await (const { lines, next } of splitLines(text, START, quotingOf(form))) {
    const [line, second] = lines;
    if (!line) continue;
    const columns = headerOf(line, form);
    requireColumns(columns, csv);
    return { columns, rowsFrom: second ? { offset: second.offset, number: second.number } : next };
  }
  return undefined;
}

function headerOf({ bytes, hasStrayQuote }: Line, form: FileForm): string[] {
  const text = bytes && !hasStrayQuote ? textReaderOf(form.encoding)(withoutBom(bytes)) : undefined;
  const fields = text === undefined ? undefined : fieldsOf(text, form);
  if (!fields) throw new UnreadableFileError(`the header is no line of ${form.encoding} text with CSV in it`);
  return fields;
}

function requireColumns(columns: readonly string[], csv: CsvMapping): void {
  if (columns.length > MAX_COLUMNS)
    throw new UnreadableFileError(`the header has ${columns.length} columns, allowed: ${MAX_COLUMNS}`);
  const twice = csv.columns.filter((name) => columns.indexOf(name) !== columns.lastIndexOf(name));
  const missing = missingColumns(csv, columns);
  if (missing.length > 0)
    throw new UnreadableFileError(
      `the header has no column ${missing.join(', ')}; its columns were renamed, or the file is another`,
    );
  if (twice.length > 0) throw new UnreadableFileError(`the header has column ${twice.join(', ')} twice`);
}

/** The rows of a text file from a position on. */
export async function* readText(
  text: Bytes,
  from: Position,
  form: FileForm,
  columns: readonly string[],
): AsyncIterable<RowBlock> {
  const readLines = form.format === 'csv' ? csvReader(form, columns) : jsonReader(form);
  for await (const { lines, bytes, next } of splitLines(text, from, quotingOf(form)))
    yield { rows: readLines(lines), bytes, next };
}

type LinesReader = (lines: readonly Line[]) => Found[];

const jsonReader = ({ encoding }: FileForm): LinesReader => {
  const read = textReaderOf(encoding);
  return (lines) =>
    lines.flatMap((line): Found[] => {
      const text = readLine(line, read);
      if (typeof text !== 'string') return [text];
      return text.trim() === '' ? [] : [objectOf(text, line.number)];
    });
};

/** Read as strictly as a record of the stream, so that a file is no way round the gate. */
function objectOf(text: string, number: number): Found {
  const json = Buffer.from(text);
  if (isTooDeep(new JsonCursor(json))) return bad(number, FAULTS.tooDeep.reason, text);
  const data = parseObject(text);
  if (!data) return bad(number, 'the line is no JSON object', text);
  const losses = findLosses(json).map(({ reason }) => reason);
  return losses.length > 0 ? bad(number, losses.join('; '), text) : { type: 'Row', number, data };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return isObject(found) ? found : undefined;
  } catch {
    // The parser's own message quotes the line, which may be personal data.
    return undefined;
  }
}

function csvReader(form: FileForm, columns: readonly string[]): LinesReader {
  const read = textReaderOf(form.encoding);
  return (lines) => {
    const texts = lines.map((line) => readLine(line, read));
    const quoted = splitQuoted(texts, form);
    return texts.flatMap((text, index): Found[] => {
      if (typeof text !== 'string') return [text];
      if (text === '') return [];
      const { number = 0 } = lines[index] ?? {};
      const fields = quoted.get(index) ?? fieldsOf(text, form);
      return [
        fields
          ? rowOf(fields, columns, number, text)
          : bad(number, 'a quote stands inside a value that is not quoted', text),
      ];
    });
  };
}

/** Lines with quotes, read together: to set a parser up costs more than to read a line. */
function splitQuoted(texts: readonly (string | Found)[], form: FileForm): ReadonlyMap<number, string[]> {
  const own = [...texts.entries()].filter((entry): entry is [number, string] => hasQuote(entry[1], form));
  const rows = parseCsv(own.map(([, text]) => text).join('\n'), form);
  return rows?.length === own.length ? new Map(own.map(([index], at) => [index, rows[at] ?? []])) : new Map();
}

const hasQuote = (text: string | Found, { quote }: FileForm): boolean =>
  typeof text === 'string' && quote !== 'none' && text.includes(quote);

/** The values of one line; undefined when its quotes make no sense. */
function fieldsOf(text: string, form: FileForm): string[] | undefined {
  if (!hasQuote(text, form)) return text.split(form.delimiter);
  const rows = parseCsv(text, form);
  return rows?.length === 1 ? rows[0] : undefined;
}

function parseCsv(text: string, { delimiter, quote }: FileForm): string[][] | undefined {
  try {
    return parse(text, { delimiter, quote, escape: quote, relax_column_count: true, record_delimiter: '\n' });
  } catch {
    // The parser's own message quotes the line, which may be personal data.
    return undefined;
  }
}

function rowOf(fields: readonly string[], columns: readonly string[], number: number, text: string): Found {
  if (fields.length !== columns.length)
    return bad(number, `found ${fields.length} values, allowed: ${columns.length}, as the header has`, text);
  const data: Record<string, string> = {};
  columns.forEach((column, index) => {
    data[column] = fields[index] ?? '';
  });
  return { type: 'Row', number, data };
}

/** The text of a line, or why it has none. */
function readLine({ bytes, number, hasStrayQuote }: Line, read: TextReader): string | Found {
  if (!bytes) return { type: 'BadRow', number, reason: `the line is longer than ${MAX_LINE_BYTES} bytes` };
  const text = read(number === 1 ? withoutBom(bytes) : bytes);
  if (text === undefined)
    return bad(number, 'the line has bytes that are no text in its encoding', bytes.toString('latin1'));
  return hasStrayQuote ? bad(number, 'a quote opens a value and nothing closes it', text) : text;
}

const withoutBom = (bytes: Buffer): Buffer =>
  bytes.subarray(0, BOM.length).equals(BOM) ? bytes.subarray(BOM.length) : bytes;

const bad = (number: number, reason: string, text: string): Found => ({ type: 'BadRow', number, reason, text });
