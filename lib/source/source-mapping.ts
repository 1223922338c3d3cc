import type { Digest } from './event-digest.ts';
import type { ValueReader } from './read-value.ts';

/** A source of events that come in files, as `domains/<domain>/sources/<source>.yaml` describes it. */
export interface SourceMapping {
  /** Of the CloudEvents. */
  readonly source: string;
  /** Who made the events, where `source` names the file that they came in. */
  readonly producer?: string;
  readonly event: string;
  /** Members of `data` that give the event its id and its time. */
  readonly id: string;
  readonly time: string;
  /** Undefined when the source has no CSV files. */
  readonly csv?: CsvMapping;
  /** How its files are written, where they land by themselves; undefined when they are sent to the stream only. */
  readonly files?: FileForm;
}

/** A source's mapping with what makes the ids of its events. */
export interface KeyedMapping extends SourceMapping {
  readonly digest: Digest;
}

export const FORMATS = ['csv', 'jsonl', 'parquet', 'avro'] as const;
export type Format = (typeof FORMATS)[number];
export const ENCODINGS = ['utf-8', 'latin1', 'windows-1252', 'utf-16le'] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** How a file is written. All but the format is about text. */
export interface FileForm {
  readonly format: Format;
  readonly encoding: Encoding;
  /** Between the values of a CSV line; one ASCII character. */
  readonly delimiter: string;
  /** Around a value that holds a delimiter or a line break; one ASCII character, or `none`. */
  readonly quote: string;
  /** The columns of a CSV file that does not name them itself, in their order. */
  readonly header?: readonly string[] | undefined;
}

export interface CsvMapping {
  /** Rows of a file with an equal value in this column make one event; each row by itself when undefined. */
  readonly groupBy?: string;
  /** All columns that the mapping reads. */
  readonly columns: readonly string[];
  readonly data: readonly MappedField[];
}

/** A member of `data`: one value, taken from the first row, or a list with a member for each row. */
export type MappedField =
  | { readonly name: string; readonly read: ValueReader }
  | { readonly name: string; readonly eachRow: readonly { readonly name: string; readonly read: ValueReader }[] };

/** CloudEvents 1.0, in JSON. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly producerid?: string;
  readonly data: Readonly<Record<string, unknown>>;
}
