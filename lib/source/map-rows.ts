import type { FileRow } from './read-value.ts';
import type { CloudEvent, CsvMapping, KeyedMapping } from './source-mapping.ts';

/**
 * The events of one CSV file, in the order in which each first occurs. Rows of one event need not stand together, so
 * a file is read to its end before its first event is sent: memory is bounded by the file.
 */
export async function* mapFile(
  mapping: KeyedMapping,
  rows: AsyncIterable<FileRow>,
  fileName: string,
): AsyncIterable<CloudEvent> {
  const { csv } = mapping;
  if (!csv) throw new Error(`${fileName}: source '${mapping.source}' describes no CSV files; add 'csv' to its mapping`);
  const groups = new Map<string, FileRow[]>();
  let rowNumber = 0;
  for await (const row of rows) {
    if (rowNumber === 0) refuseWithoutColumns(csv, row, fileName);
    rowNumber += 1;
    // A row that belongs to no group is an event of its own, or it would drag others into quarantine with it.
    const group = (csv.groupBy !== undefined && row[csv.groupBy]) || `\u0000${rowNumber}`;
    const members = groups.get(group);
    if (members) members.push(row);
    else groups.set(group, [row]);
  }
  for (const group of groups.values()) yield eventOf(mapping, dataOf(csv, group));
}

/**
 * The events of a JSONL file: each line holds the data of one event, or a whole CloudEvent, which goes on as it is. A line that is no
 * JSON object goes on as its text: the gate before bronze quarantines it, so that nothing is lost on the way.
 */
export async function* mapLines(
  mapping: KeyedMapping,
  lines: AsyncIterable<string>,
): AsyncIterable<CloudEvent | Readonly<Record<string, unknown>> | string> {
  for await (const line of lines) {
    if (line.trim() === '') continue;
    const found = parseObject(line);
    yield found ? mapObject(mapping, found) : line;
  }
}

/** The event of an object: the data of one, or a whole CloudEvent, which goes on as it is. */
export const mapObject = (mapping: KeyedMapping, found: Readonly<Record<string, unknown>>) =>
  'specversion' in found ? found : eventOf(mapping, found);

/** The event of a row that stands for itself. */
export function mapRow(mapping: KeyedMapping, row: FileRow): CloudEvent {
  if (!mapping.csv) throw new Error(`source '${mapping.source}' describes no CSV files; add 'csv' to its mapping`);
  return eventOf(mapping, dataOf(mapping.csv, [row]));
}

function parseObject(line: string): Record<string, unknown> | undefined {
  try {
    const found: unknown = JSON.parse(line);
    const isObject = typeof found === 'object' && found !== null && !Array.isArray(found);
    return isObject ? (found as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** A file of another kind fails as a whole: its rows would all be quarantined, each by itself. */
function refuseWithoutColumns(csv: CsvMapping, row: FileRow, fileName: string): void {
  const missing = missingColumns(csv, Object.keys(row));
  if (missing.length === 0) return;
  const found = `found: ${Object.keys(row).join(', ')}`;
  throw new Error(`${fileName}: no column ${missing.join(', ')}; ${found}; check that the file is of this source`);
}

/** Columns that the mapping reads and the file does not have. */
export const missingColumns = ({ columns }: CsvMapping, found: readonly string[]): string[] =>
  columns.filter((column) => !found.includes(column));

/** Values of the event are those of its first row. */
function dataOf({ data }: CsvMapping, rows: readonly FileRow[]): Record<string, unknown> {
  const [first = {}] = rows;
  const entries = data.map((field) => {
    if ('read' in field) return [field.name, field.read(first, 1)];
    const members = (row: FileRow, index: number) =>
      Object.fromEntries(field.eachRow.map(({ name, read }) => [name, read(row, index + 1)]));
    return [field.name, rows.map(members)];
  });
  return Object.fromEntries(entries);
}

/** The same data gives the same event, id included: sending a file again repeats events instead of making new ones. */
function eventOf(
  { source, event, id, time, producer, digest }: KeyedMapping,
  data: Readonly<Record<string, unknown>>,
): CloudEvent {
  return {
    specversion: '1.0',
    id: `${data[id] ?? 'unknown'}-${digest(canonicalJson(data))}`,
    source,
    type: event,
    time: String(data[time] ?? ''),
    datacontenttype: 'application/json',
    ...(producer !== undefined && { producerid: producer }),
    data,
  };
}

/** JSON with sorted keys: data that differ in the order of their members only are the same. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
