import type { Column, Field } from '../contract/contract.ts';
import type { ColumnBuilder } from './column-builder.ts';
import type { ColumnReader } from './column-reader.ts';
import { CLOSE_ARRAY, CLOSE_OBJECT, COMMA, type JsonCursor, OPEN_ARRAY, OPEN_OBJECT } from './json-cursor.ts';
import { JsonKeys } from './json-keys.ts';
import { ListColumn, StructColumn } from './nested-columns.ts';
import { scalarReaderOf, TokenReader } from './scalar-readers.ts';
import type { TextColumn } from './text-column.ts';
import { isTokenised, type Tokeniser, tokeniserFor } from './tokenise.ts';

interface Member {
  readonly isRequired: boolean;
  readonly reader: ColumnReader;
}

/** Reads an object whose keys are the columns of a contract, each at most once; what is optional may be missing. */
export class StructReader {
  private readonly keys: JsonKeys;
  private readonly members: readonly Member[];

  /** @param builders of these columns, at least. */
  constructor(columns: readonly Column[], builders: ReadonlyMap<string, ColumnBuilder>, tokenise: Tokeniser) {
    this.keys = new JsonKeys(columns.map(({ name }) => name));
    this.members = columns.map((column) => ({
      isRequired: column.required,
      reader: readerOf(column, builders.get(column.name) as ColumnBuilder, tokenise),
    }));
  }

  /** Appends a value to each column, of which all had `row` of them. */
  read(cursor: JsonCursor, row: number): boolean {
    if (!cursor.take(OPEN_OBJECT)) return false;
    if (cursor.take(CLOSE_OBJECT)) return this.fillMissing(row);
    let next = 0;
    do {
      const index = this.keys.take(cursor, next);
      if (index < 0 || !this.readMember(this.members[index] as Member, cursor, row)) return false;
      next = index + 1;
    } while (cursor.take(COMMA));
    return cursor.take(CLOSE_OBJECT) && this.fillMissing(row);
  }

  private readMember({ reader, isRequired }: Member, cursor: JsonCursor, row: number): boolean {
    if (reader.column.length > row) return false; // the key came before
    if (!cursor.takeNull()) return reader.read(cursor);
    reader.column.append(null);
    return !isRequired;
  }

  private fillMissing(row: number): boolean {
    for (const { reader, isRequired } of this.members) {
      if (reader.column.length > row) continue;
      if (isRequired) return false;
      reader.column.append(null);
    }
    return true;
  }
}

class NestedReader implements ColumnReader {
  readonly column: StructColumn;
  private readonly reader: StructReader;

  constructor(column: StructColumn, reader: StructReader) {
    this.column = column;
    this.reader = reader;
  }

  read(cursor: JsonCursor): boolean {
    if (!this.reader.read(cursor, this.column.length)) return false;
    this.column.endStruct();
    return true;
  }
}

class ListReader implements ColumnReader {
  readonly column: ListColumn;
  private readonly items: ColumnReader;

  constructor(column: ListColumn, items: ColumnReader) {
    this.column = column;
    this.items = items;
  }

  read(cursor: JsonCursor): boolean {
    if (!cursor.take(OPEN_ARRAY)) return false;
    if (!cursor.take(CLOSE_ARRAY)) {
      do {
        cursor.skipSpace();
        if (!this.items.read(cursor)) return false;
      } while (cursor.take(COMMA));
      if (!cursor.take(CLOSE_ARRAY)) return false;
    }
    this.column.endList(true);
    return true;
  }
}

function readerOf(field: Field | Column, column: ColumnBuilder, tokenise: Tokeniser): ColumnReader {
  if (column instanceof StructColumn)
    return new NestedReader(column, new StructReader(field.fields ?? [], column.members, tokenise));
  if (column instanceof ListColumn)
    return new ListReader(column, readerOf(field.items ?? { type: 'string' }, column.items, tokenise));
  if ('name' in field && isTokenised(field))
    return new TokenReader(column as TextColumn, tokeniserFor(tokenise, field));
  return scalarReaderOf(field.type as never, column);
}
