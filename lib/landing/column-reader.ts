import type { ColumnBuilder } from './column-builder.ts';
import type { JsonCursor } from './json-cursor.ts';

/**
 * Reads the value at a cursor into its column. False when it does not plainly fit: the column may then hold a part of
 * it, and is truncated by whoever began the row.
 */
export interface ColumnReader {
  readonly column: ColumnBuilder;
  read(cursor: JsonCursor): boolean;
}
