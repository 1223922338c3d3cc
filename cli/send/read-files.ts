import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { pipeline, type Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { mapFile, mapLines } from '../../lib/source/map-rows.ts';
import type { FileRow } from '../../lib/source/read-value.ts';
import type { KeyedMapping } from '../../lib/source/source-mapping.ts';
import { OperationError, UsageError } from '../shared/errors.ts';
import type { Outgoing } from './pack-records.ts';

const KINDS = ['.csv', '.jsonl', '.ndjson'];

/** The files that were named; a folder stands for the files of a known kind in it, in the order of their names. */
export async function listFiles(paths: readonly string[], anyKind = false): Promise<string[]> {
  const lists = await Promise.all(paths.map((name) => filesAt(name, anyKind)));
  return lists.flat();
}

async function filesAt(name: string, anyKind: boolean): Promise<string[]> {
  const found = await stat(name).catch(() => undefined);
  if (!found) throw new UsageError(`no file or folder '${name}'`);
  if (!found.isDirectory()) return [isKnown(name, anyKind)];
  const names = (await readdir(name)).filter((file) => KINDS.includes(path.extname(file).toLowerCase())).sort();
  if (names.length === 0) throw new UsageError(`folder '${name}' holds no file of kind ${KINDS.join(', ')}`);
  return names.map((file) => path.join(name, file));
}

function isKnown(name: string, anyKind: boolean): string {
  if (anyKind || KINDS.includes(path.extname(name).toLowerCase())) return name;
  throw new UsageError(
    `'${name}' is of no kind that can be mapped; allowed are ${KINDS.join(', ')}; or send its lines as they are with --raw`,
  );
}

type KeyOf = (event: object) => string;

/** The events of a file, ready to be sent. `keyOf` gives the key that decides where an event is ordered. */
export function readEvents(mapping: KeyedMapping, file: string, keyOf: KeyOf): AsyncGenerator<Outgoing> {
  if (path.extname(file).toLowerCase() === '.csv') return eventsOfCsv(mapping, createReadStream(file), file, keyOf);
  return outgoing(mapLines(mapping, linesOf(file)), file, keyOf);
}

/** The same, of text as a CSV file has it. */
export const eventsOfCsv = (mapping: KeyedMapping, text: Readable, name: string, keyOf: KeyOf) =>
  outgoing(mapFile(mapping, csvRows(text), name), name, keyOf);

async function* outgoing(events: AsyncIterable<string | object>, name: string, keyOf: KeyOf): AsyncGenerator<Outgoing> {
  try {
    for await (const event of events) {
      if (typeof event === 'string') yield { key: name, text: event, raw: true };
      else yield { key: keyOf(event), text: JSON.stringify(event) };
    }
  } catch (error) {
    throw new OperationError(`${name} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

/** The lines of a file as they are: what is broken stays broken. They share a key, so they stay in order. */
export async function* readRaw(file: string): AsyncGenerator<Outgoing> {
  for await (const text of linesOf(file)) if (text !== '') yield { key: path.basename(file), text, raw: true };
}

/** The rows of a CSV file. */
export const rowsOfCsv = (file: string): AsyncIterable<FileRow> => csvRows(createReadStream(file));

/** `pipeline` hands an error of the file on to whoever reads the rows; the callback has nothing to add. */
const csvRows = (text: Readable): AsyncIterable<FileRow> =>
  pipeline(text, parse({ columns: true, bom: true, skip_empty_lines: true, encoding: 'utf8' }), () => {});

const linesOf = (file: string): AsyncIterable<string> =>
  createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY });
