import type { Part, RandomAccess, RowBlock } from './file-rows.ts';
import { planAvro, readAvro } from './read-avro.ts';
import { planParquet, readParquet } from './read-parquet.ts';

export type BinaryFormat = 'parquet' | 'avro';

/** The rows of a part of a file. */
export const readBinary = (format: BinaryFormat, file: RandomAccess, part: Part): AsyncIterable<RowBlock> =>
  format === 'parquet' ? readParquet(file, part) : readAvro(file, part);

/** Where a file can be cut, into parts no smaller than so many bytes. */
export const planBinary = (format: BinaryFormat, file: RandomAccess, partBytes: number): Promise<Part[]> =>
  format === 'parquet' ? planParquet(file, partBytes) : planAvro(file, partBytes);
