import { makeData, RecordBatch, Schema, Struct, Table, tableToIPC } from 'apache-arrow';
import { Compression, initSync, Table as ParquetTable, WriterPropertiesBuilder, writeParquet } from 'parquet-wasm/esm';
import type { Column } from '../contract/contract.ts';
import { arrowDataOf, arrowFieldOf } from './arrow-column.ts';
import type { Row } from './row.ts';

export type ParquetEncoder = (columns: readonly Column[], rows: readonly Row[]) => Uint8Array;

/** An encoder on parquet-rs, compiled to WebAssembly: the bytes come from beside the bundle. */
export function parquetEncoder(wasm: Uint8Array<ArrayBuffer>): ParquetEncoder {
  initSync({ module: wasm });
  return (columns, rows) => {
    const stream = tableToIPC(arrowTableOf(columns, rows), 'stream');
    const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).build();
    return writeParquet(ParquetTable.fromIPCStream(stream), properties);
  };
}

function arrowTableOf(columns: readonly Column[], rows: readonly Row[]): Table {
  const schema = new Schema(columns.map(arrowFieldOf));
  const children = columns.map((column) =>
    arrowDataOf(
      column,
      rows.map((row) => row[column.name] ?? null),
    ),
  );
  const data = makeData({ type: new Struct(schema.fields), length: rows.length, nullCount: 0, children });
  return new Table([new RecordBatch(schema, data)]);
}
