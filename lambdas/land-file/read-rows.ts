import { decompress } from '../../lib/files/decompress.ts';
import { bytesOf } from '../../lib/files/file-bytes.ts';
import { type Bytes, type Part, type RandomAccess, type RowBlock, START } from '../../lib/files/file-rows.ts';
import { planText } from '../../lib/files/plan-text.ts';
import { readHeader, readText, textOf } from '../../lib/files/read-text.ts';
import { type Compression, requireFormat, SNIFF_BYTES } from '../../lib/files/sniff-file.ts';
import type { BinaryFiles, Spool } from '../shared/file-ports.ts';
import type { FileTable } from './route-file.ts';

/** A file and all that tells how it is read. */
export interface Readable {
  readonly key: string;
  readonly file: RandomAccess;
  readonly table: FileTable;
  readonly compression: Compression;
}

export interface Readers {
  readonly binary: BinaryFiles;
  readonly spool: Spool;
}

/** All of a file, when it is not cut. */
export const WHOLE: Part = { from: START, to: Number.MAX_SAFE_INTEGER };

/** Only what can be entered anywhere is cut: neither compressed files nor UTF-16, whose lines are found by reading it. */
const isSeekable = ({ table: { form }, compression }: Readable): boolean =>
  compression === 'none' && form.encoding !== 'utf-16le';

/** The parts of a file that are landed side by side: one, unless it is large. */
export async function planParts(readable: Readable, partBytes: number, { binary }: Readers): Promise<readonly Part[]> {
  const { file, table } = readable;
  const { format } = table.form;
  if (!isSeekable(readable) || file.size <= partBytes) return [WHOLE];
  const isText = format === 'csv' || format === 'jsonl';
  return isText ? planText(file, table.form, partBytes) : binary.plan(format, file, partBytes);
}

/** The rows of a part, as they are read. Throws `UnreadableFileError` where the file cannot be read on. */
export async function* readRows(readable: Readable, part: Part, readers: Readers): AsyncIterable<RowBlock> {
  const { key, file, table, compression } = readable;
  const { format } = table.form;
  const content = () => checked(key, decompress(bytesOf(file), compression), readable);
  if (format === 'csv' || format === 'jsonl') yield* textRows(readable, part, content);
  else if (compression === 'none') yield* readers.binary.read(format, file, part);
  else {
    const copy = await readers.spool.copy(content());
    try {
      yield* readers.binary.read(format, copy, { ...part, to: WHOLE.to });
    } finally {
      await copy.remove();
    }
  }
}

async function* textRows(readable: Readable, part: Part, content: () => Bytes): AsyncIterable<RowBlock> {
  const { file, table } = readable;
  const { form, mapping } = table;
  const header =
    form.format === 'csv' && mapping?.csv ? await readHeader(textOf(content(), form), form, mapping.csv) : undefined;
  if (form.format === 'csv' && !header) return;
  const { columns = [], rowsFrom = START } = header ?? {};
  const from = part.from.number > rowsFrom.number ? part.from : rowsFrom;
  if (isSeekable(readable))
    yield* readText(bytesOf(file, from.offset, Math.min(part.to, file.size)), from, form, columns);
  else yield* after(readText(textOf(content(), form), START, form, columns), from.number);
}

/** Where a file cannot be entered in the middle, what comes before is read and passed over. */
async function* after(blocks: AsyncIterable<RowBlock>, first: number): AsyncIterable<RowBlock> {
  for await (const block of blocks) {
    const rows = block.rows.filter(({ number }) => number >= first);
    // Nothing of it is due: whoever runs out of time must not be sent back to it.
    if (block.next.number > first) yield { ...block, rows };
  }
}

/** Compressed content shows only now whether it is of the table's format. */
async function* checked(key: string, content: Bytes, { table, compression }: Readable): Bytes {
  let isFirst = compression !== 'none';
  for await (const chunk of content) {
    if (isFirst) requireFormat(key, chunk.subarray(0, SNIFF_BYTES), table.form.format);
    isFirst = false;
    yield chunk;
  }
}
