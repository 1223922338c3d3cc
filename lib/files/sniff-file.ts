import type { Format } from '../source/source-mapping.ts';
import { UnreadableFileError } from './file-rows.ts';

export type Compression = 'none' | 'gzip' | 'zstd';

/** As many bytes as tell what a file is. */
export const SNIFF_BYTES = 4;

const MAGIC: readonly (readonly [Compression | Format, Buffer])[] = [
  ['gzip', Buffer.from([0x1f, 0x8b])],
  ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  ['parquet', Buffer.from('PAR1')],
  ['avro', Buffer.from([0x4f, 0x62, 0x6a, 0x01])],
];

const COMPRESSION_OF: Readonly<Record<string, Compression>> = { gz: 'gzip', gzip: 'gzip', zst: 'zstd', zstd: 'zstd' };
const FORMAT_OF: Readonly<Record<string, Format>> = {
  csv: 'csv',
  tsv: 'csv',
  jsonl: 'jsonl',
  ndjson: 'jsonl',
  parquet: 'parquet',
  avro: 'avro',
};

/**
 * What a file is compressed with, by its first bytes. A name that promises something else is a mistake of whoever
 * wrote the file, and what it holds is not guessed at. Throws `UnreadableFileError`.
 */
export function compressionOf(key: string, head: Uint8Array): Compression {
  const found = magicOf(head);
  const compression = found === 'gzip' || found === 'zstd' ? found : 'none';
  const { format, compression: promised } = promisesOf(key);
  const isContradicted = promised !== undefined ? promised !== compression : format && compression !== 'none';
  if (!isContradicted) return compression;
  const said = promised ?? 'no compression';
  const is = compression === 'none' ? `not ${said} data` : `${compression} data`;
  throw new UnreadableFileError(`the file's name says ${said}, but it is ${is}; name the file after what it is`);
}

/** Makes sure that a file, decompressed, is of its table's format. Throws `UnreadableFileError`. */
export function requireFormat(key: string, head: Uint8Array, expected: Format): void {
  const { format } = promisesOf(key);
  if (format && format !== expected)
    throw new UnreadableFileError(`the file's name says ${format}; the table's files are ${expected}`);
  const magic = magicOf(head);
  if (magic === 'gzip' || magic === 'zstd')
    throw new UnreadableFileError(`the file is compressed twice, found ${magic} data within; compress it once`);
  const isBinary = expected === 'parquet' || expected === 'avro';
  if (magic !== (isBinary ? expected : undefined))
    throw new UnreadableFileError(`found ${magic ?? 'no'} data by its first bytes; the table's files are ${expected}`);
}

const magicOf = (head: Uint8Array) => MAGIC.find(([, magic]) => magic.equals(head.subarray(0, magic.length)))?.[0];

/** What the endings of a name say: `.csv.gz`. */
function promisesOf(key: string): { format?: Format; compression?: Compression } {
  const endings = key
    .slice(key.lastIndexOf('/') + 1)
    .toLowerCase()
    .split('.')
    .slice(1);
  const compression = COMPRESSION_OF[endings.at(-1) ?? ''];
  const format = FORMAT_OF[endings.at(compression ? -2 : -1) ?? ''];
  return { ...(format && { format }), ...(compression && { compression }) };
}
