import { type Data, RecordBatch, Schema, type Struct, Table, tableToIPC } from 'apache-arrow';
import { Compression, initSync, Table as ParquetTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm/esm';
import { arrowFieldOf } from './arrow-column.ts';
import type { LandedTable } from './table-rows.ts';

export type ParquetEncoder = (table: Pick<LandedTable, 'columns' | 'data'>) => Uint8Array;

/** An encoder on parquet-rs, compiled to WebAssembly: the bytes come from beside the bundle. */
export function parquetEncoder(wasm: Uint8Array<ArrayBuffer>): ParquetEncoder {
  initSync({ module: wasm });
  return ({ columns, data }) => {
    const batch = new RecordBatch(new Schema(columns.map(arrowFieldOf)), data as Data<Struct>);
    // Without dictionaries: a quarter faster, and a tenth smaller. Batches are short, and rewritten when they are committed.
    const properties = new WriterPropertiesBuilder()
      .setCompression(Compression.ZSTD)
      .setDictionaryEnabled(false)
      .build();
    return writeParquet(ParquetTable.fromIPCStream(tableToIPC(new Table([batch]), 'stream')), properties);
  };
}
