import type { ValueReader } from './read-value.ts';

/** A source of events that come in files, as `domains/<domain>/sources/<source>.yaml` describes it. */
export interface SourceMapping {
  /** Of the CloudEvents. */
  readonly source: string;
  readonly event: string;
  /** Members of `data` that give the event its id and its time. */
  readonly id: string;
  readonly time: string;
  /** Undefined when the source has no CSV files. */
  readonly csv?: CsvMapping;
}

export interface CsvMapping {
  /** Rows of a file with an equal value in this column make one event. */
  readonly groupBy: string;
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
  readonly data: Readonly<Record<string, unknown>>;
}
