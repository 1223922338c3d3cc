import { isUtf8 } from 'node:buffer';
import { type FileHandle, open } from 'node:fs/promises';
import path from 'node:path';
import { readBinary } from '../../lib/files/binary-file.ts';
import { decompress } from '../../lib/files/decompress.ts';
import { bytesOf } from '../../lib/files/file-bytes.ts';
import { type Bytes, type Found, type RandomAccess, type RowBlock, START } from '../../lib/files/file-rows.ts';
import { readHeader, readText, textOf } from '../../lib/files/read-text.ts';
import { type Compression, compressionOf, SNIFF_BYTES } from '../../lib/files/sniff-file.ts';
import { splitLines } from '../../lib/files/split-lines.ts';
import type { Encoding, FileForm } from '../../lib/source/source-mapping.ts';
import { OperationError } from '../shared/errors.ts';

type Row = Readonly<Record<string, unknown>>;

/** Enough to tell a file's encoding, and the first line of a CSV file. */
const HEAD_BYTES = 64 * 1024;
const DELIMITERS = [',', ';', '\t', '|'];
const UTF16_MARK = Buffer.from([0xff, 0xfe]);
/** A whole document is held at once. */
const MAX_JSON_BYTES = 256 * 1024 * 1024;

/** Rows of a file of any kind that lands, by the ending of its name; of another one each line is a row. */
export async function* readFile(file: string): AsyncGenerator<Row> {
  const handle = await open(file);
  try {
    const access = await accessOf(handle);
    const compression = compressionOf(file, await access.read(0, Math.min(SNIFF_BYTES, access.size)));
    for await (const rows of blocksOf(file, access, compression)) yield* rows;
  } finally {
    await handle.close();
  }
}

async function accessOf(handle: FileHandle): Promise<RandomAccess> {
  const { size } = await handle.stat();
  const read = async (from: number, to: number) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(to - from), 0, to - from, from);
    return buffer.subarray(0, bytesRead);
  };
  return { size, read };
}

function blocksOf(file: string, access: RandomAccess, compression: Compression): AsyncIterable<readonly Row[]> {
  const content = () => decompress(bytesOf(access), compression);
  const ending = endingOf(file);
  if (ending === '.parquet' || ending === '.avro') {
    if (compression !== 'none') throw new OperationError(`${file}: found ${compression} data; decompress it first`);
    return rowsOf(
      readBinary(ending === '.parquet' ? 'parquet' : 'avro', access, { from: START, to: Number.MAX_SAFE_INTEGER }),
    );
  }
  if (ending === '.csv' || ending === '.tsv') return csvRows(content);
  if (ending === '.jsonl' || ending === '.ndjson') return jsonLines(content);
  return ending === '.json' ? jsonDocument(file, access, content) : textLines(content);
}

/** Without those of a compression. */
const endingOf = (file: string): string => path.extname(file.toLowerCase().replace(/\.(gz|gzip|zst|zstd)$/, ''));

async function* csvRows(content: () => Bytes): AsyncIterable<readonly Row[]> {
  const head = await headOf(content());
  const encoding = encodingOf(head);
  const form: FileForm = { format: 'csv', encoding, delimiter: delimiterOf(head), quote: '"' };
  const header = await readHeader(textOf(content(), form), form, { columns: [], data: [] });
  if (!header) return;
  const blocks = readText(textOf(content(), form), START, form, header.columns);
  for await (const rows of rowsOf(blocks, header.rowsFrom.number)) yield rows;
}

async function* jsonLines(content: () => Bytes): AsyncIterable<readonly Row[]> {
  const form: FileForm = {
    format: 'jsonl',
    encoding: encodingOf(await headOf(content())),
    delimiter: ',',
    quote: 'none',
  };
  yield* rowsOf(readText(textOf(content(), form), START, form, []));
}

async function* jsonDocument(file: string, access: RandomAccess, content: () => Bytes): AsyncIterable<readonly Row[]> {
  if (access.size > MAX_JSON_BYTES)
    throw new OperationError(
      `${file}: ${access.size} bytes of one JSON document, allowed: ${MAX_JSON_BYTES}; write JSON lines`,
    );
  const chunks: Uint8Array[] = [];
  for await (const chunk of content()) chunks.push(chunk);
  let found: unknown;
  try {
    found = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch {
    // The parser's own message quotes the document, which may be personal data.
    throw new OperationError(`${file} is no JSON document; JSON lines are named .jsonl`);
  }
  yield (Array.isArray(found) ? found : [found]) as Row[];
}

/** What has no columns is one: `text`. */
async function* textLines(content: () => Bytes): AsyncIterable<readonly Row[]> {
  for await (const { lines } of splitLines(content(), START, undefined))
    yield lines.flatMap(({ bytes }) => (bytes ? [{ text: Buffer.from(bytes).toString('utf8') }] : []));
}

/** The rows that could be read, from a line on; of a row that could not, the text as it stands. */
async function* rowsOf(blocks: AsyncIterable<RowBlock>, from = 0): AsyncIterable<readonly Row[]> {
  for await (const { rows } of blocks) yield rows.filter(({ number }) => number >= from).map(rowOf);
}

const rowOf = (found: Found): Row => (found.type === 'Row' ? found.data : { '(unreadable)': found.text ?? '' });

async function headOf(content: Bytes): Promise<Buffer> {
  let head = Buffer.alloc(0);
  for await (const chunk of content) {
    head = Buffer.concat([head, chunk]);
    if (head.length >= HEAD_BYTES) break;
  }
  return head;
}

/** UTF-16 with its mark, UTF-8, or what exports of old programs are in. */
function encodingOf(head: Buffer): Encoding {
  if (head.subarray(0, 2).equals(UTF16_MARK)) return 'utf-16le';
  // The last character may be cut.
  return [0, 1, 2, 3].some((cut) => isUtf8(head.subarray(0, head.length - cut))) ? 'utf-8' : 'windows-1252';
}

/** The one that the first line has most of. */
function delimiterOf(head: Buffer): string {
  const [line = ''] = head.toString('latin1').split('\n', 1);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] as string;
}
