import {
  type Compressors,
  type FileMetaData,
  parquetMetadataAsync,
  parquetReadObjects,
  parquetSchema,
} from 'hyparquet';
import { compressors } from 'hyparquet-compressors';
import { type Part, type RandomAccess, type RowBlock, START, UnreadableFileError } from './file-rows.ts';
import { compileRowReader } from './parquet-values.ts';

/** Rows that are made at once. */
const SLICE_ROWS = 10_000;
/** Compressed: a row group is held while its rows are made. */
const MAX_GROUP_BYTES = 128 * 1024 * 1024;
const MAX_PAGE_BYTES = 64 * 1024 * 1024;
const MAX_FOOTER_BYTES = 16 * 1024 * 1024;

/** Where a Parquet file can be cut: between row groups, no closer than every so many bytes. */
export async function planParquet(file: RandomAccess, partBytes: number): Promise<Part[]> {
  const { row_groups: groups } = await metadataOf(file);
  const parts: Part[] = [];
  let from = START;
  let bytes = 0;
  let end = 0;
  for (const [index, group] of groups.entries()) {
    end += Number(group.num_rows);
    bytes += compressedBytes(group);
    if (bytes < partBytes && index < groups.length - 1) continue;
    parts.push({ from, to: end });
    from = { offset: end, number: end + 1 };
    bytes = 0;
  }
  return parts;
}

/**
 * The rows of whole row groups; a row's number is its place in the file, from 1. Runs where a broken file may kill it:
 * the format has many ways to ask for more memory or time than there is.
 */
export async function* readParquet(file: RandomAccess, { from, to }: Part): AsyncIterable<RowBlock> {
  const metadata = await metadataOf(file);
  const readRow = compileRowReader(parquetSchema(metadata));
  let start = 0;
  for (const group of metadata.row_groups) {
    const end = start + Number(group.num_rows);
    if (end > from.offset && start < to)
      yield* readGroup(file, metadata, group, Math.max(start, from.offset), Math.min(end, to), readRow);
    start = end;
  }
}

type RowGroup = FileMetaData['row_groups'][number];

async function* readGroup(
  file: RandomAccess,
  metadata: FileMetaData,
  group: RowGroup,
  start: number,
  end: number,
  readRow: ReturnType<typeof compileRowReader>,
): AsyncIterable<RowBlock> {
  const held = await holdGroup(file, group);
  for (let rowStart = start; rowStart < end; rowStart += SLICE_ROWS) {
    const rowEnd = Math.min(end, rowStart + SLICE_ROWS);
    const found = await parquetReadObjects({
      file: held,
      metadata,
      rowStart,
      rowEnd,
      compressors: CAREFUL,
      utf8: false,
      parsers: RAW,
    });
    if (found.length !== rowEnd - rowStart)
      throw new UnreadableFileError(`rows ${rowStart + 1} to ${rowEnd} are fewer than the file says`);
    yield {
      rows: found.map((row, index) => readRow(row, rowStart + index + 1)),
      bytes: Math.round((compressedBytes(group) * found.length) / Number(group.num_rows)),
      next: { offset: rowEnd, number: rowEnd + 1 },
    };
  }
}

/** Reads a row group once, however many slices its rows are made in. */
async function holdGroup(file: RandomAccess, group: RowGroup) {
  const ranges = group.columns.map(rangeOf);
  const from = Math.min(...ranges.map((range) => range.from));
  const to = Math.max(...ranges.map((range) => range.to));
  if (!(from >= 0 && to <= file.size && to > from))
    throw new UnreadableFileError('a row group lies outside of the file');
  if (to - from > MAX_GROUP_BYTES)
    throw new UnreadableFileError(
      `a row group has ${to - from} bytes, allowed: ${MAX_GROUP_BYTES}; write smaller ones`,
    );
  const bytes = await file.read(from, to);
  const slice = (start: number, end = file.size) => copyOf(bytes.subarray(start - from, end - from));
  return { byteLength: file.size, slice };
}

function rangeOf({ meta_data: meta }: RowGroup['columns'][number]) {
  if (!meta) throw new UnreadableFileError('a column chunk has no metadata');
  const from = Number(meta.dictionary_page_offset || meta.data_page_offset);
  return { from, to: from + Number(meta.total_compressed_size) };
}

/** Of these bytes alone: a buffer may be a piece of a larger one. */
const copyOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

const compressedBytes = ({ columns }: RowGroup): number =>
  columns.reduce((sum, { meta_data: meta }) => sum + Number(meta?.total_compressed_size ?? 0), 0);

async function metadataOf(file: RandomAccess): Promise<FileMetaData> {
  const tail = await file.read(Math.max(0, file.size - 8), file.size);
  const footerBytes = tail.length === 8 ? new DataView(tail.buffer, tail.byteOffset).getUint32(0, true) : 0;
  const isParquet = Buffer.from(tail.subarray(4)).toString('latin1') === 'PAR1';
  if (!isParquet || footerBytes > Math.min(MAX_FOOTER_BYTES, file.size - 8))
    throw new UnreadableFileError('the file breaks off, or has no Parquet footer of a possible size');
  const slice = async (start: number, end = file.size) => {
    return copyOf(await file.read(start, end));
  };
  return parquetMetadataAsync(
    { byteLength: file.size, slice },
    { initialFetchSize: footerBytes + 8, geoparquet: false },
  );
}

/** A page says how big it becomes: what it says is not believed beyond a measure. */
const CAREFUL: Compressors = Object.fromEntries(
  Object.entries(compressors).map(([codec, decompress]) => [
    codec,
    (input: Uint8Array, outputLength: number) => {
      if (outputLength > MAX_PAGE_BYTES)
        throw new UnreadableFileError(`a page grows to ${outputLength} bytes, allowed: ${MAX_PAGE_BYTES}`);
      return decompress(input, outputLength);
    },
  ]),
);

/** INT96 is a time by its type alone; all else is converted by the schema, which this keeps hyparquet from. */
const RAW = { timestampFromNanoseconds: (nanos: bigint) => nanos };
