/** A row of a file, or why what stands in its place is none. */
export type Found =
  | {
      readonly type: 'Row';
      /** Tells the rows of a file apart: the line in text (from 1, the header's included), the row in Parquet and Avro. */
      readonly number: number;
      readonly data: Readonly<Record<string, unknown>>;
    }
  | {
      readonly type: 'BadRow';
      readonly number: number;
      /** Never holds a value of the data: it may be personal. */
      readonly reason: string;
      /** The row as it stands in the file; undefined when it is too long to be held. */
      readonly text?: string;
    };

/** Where reading goes on: all before it is read. */
export interface Position {
  /** Bytes from the beginning of a text or Avro file, rows of a Parquet file. */
  readonly offset: number;
  /** Of the row that stands there. */
  readonly number: number;
}

/** Rows that were read at once. */
export interface RowBlock {
  readonly rows: readonly Found[];
  readonly bytes: number;
  readonly next: Position;
}

/** A share of a file that is read by itself. */
export interface Part {
  readonly from: Position;
  /** Where the next part begins, in the unit of `Position.offset`. */
  readonly to: number;
}

export const START: Position = { offset: 0, number: 1 };

/** The bytes of a file in order. */
export type Bytes = AsyncIterable<Uint8Array>;

/** A file of which any piece can be had. */
export interface RandomAccess {
  readonly size: number;
  read(from: number, to: number): Promise<Uint8Array>;
}

/** A file that can never be read, whatever is tried: it is held as a whole, or from where it breaks off. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}
