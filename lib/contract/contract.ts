import type { SourceFile } from '../source/parse-source-mapping.ts';
import type { AvailableBy } from './available-by.ts';
import type { Changes } from './changes.ts';
import type { Schedule } from './schedule.ts';

/** A data contract after parsing: what every other part of Sluice reads, as `build/contracts/<domain>.<layer>.<table>.json`. */
export interface Contract {
  readonly id: string;
  readonly name?: string | undefined;
  readonly version: string;
  readonly status?: string | undefined;
  readonly domain: string;
  readonly layer: Layer;
  readonly table: string;
  readonly description: string;
  /** What one row is. */
  readonly granularity: string;
  readonly columns: readonly Column[];
  readonly checks: readonly Check[];
  /** Foreign keys: rows whose values the other table lacks are orphans. A null refers to nothing and is none. */
  readonly relationships: readonly Relationship[];
  /** The share of refused rows, in percent, above which a run is blocked; on bronze, above which an alarm is raised. */
  readonly blockAbovePercent?: number;
  /** Where events come from; bronze only. */
  readonly ingest?: Ingest;
  readonly inputs: readonly Input[];
  /** Other domains whose gold may be made of the table; silver only. */
  readonly sharedWith?: readonly string[];
  /** `<domain>.<layer>.<table>` of which this table serves an older version. */
  readonly versionOf?: string;
  /** How far behind the latest event of bronze a row may come and still be merged; silver only. */
  readonly lateness?: { readonly minutes: number };
  /** Times that may not be farther than so much after their event's arrival; silver only. */
  readonly ahead?: readonly Ahead[];
  /** What events do to rows, where not every one of them writes some; silver only. */
  readonly changes?: Changes;
  readonly write: Write;
  /** Tells the text of the dbt model, and of those that it refers to, from any other; gold that has a model only. */
  readonly model?: string;
  /** When the domain is run by the clock, for this table. */
  readonly schedule?: Schedule;
  /** When what such a run makes is promised. */
  readonly availableBy?: AvailableBy;
  readonly slas: Slas;
  readonly roles: readonly Role[];
  /** The one who answers for the table. */
  readonly owner: string;
  readonly support: readonly SupportChannel[];
  /** Path of the YAML file, relative to the project. */
  readonly file: string;
}

export interface Ahead {
  readonly column: string;
  readonly minutes: number;
}

export const LAYERS = ['bronze', 'silver', 'gold'] as const;
export type Layer = (typeof LAYERS)[number];

/** `decimal(p,s)` carries its precision and scale in the name, as in SQL. */
export type ScalarType =
  | 'string'
  | 'int'
  | 'long'
  | 'double'
  | 'boolean'
  | 'date'
  | 'timestamp'
  | `decimal(${number},${number})`;

export interface Field {
  readonly type: ScalarType | 'array' | 'struct';
  /** Element of an array. */
  readonly items?: Field;
  /** Members of a struct. */
  readonly fields?: readonly Column[];
}

export interface Column extends Field {
  readonly name: string;
  readonly description?: string;
  readonly required: boolean;
  readonly classification: Classification;
  readonly pii: Pii;
  /** Which kind of personal data, where the contract says so: `email` of the tag `pii.email`. */
  readonly piiType?: string;
  readonly masking?: Masking;
  /** Somebody answers for it that personal data stays unmasked here; the contract says who and why. */
  readonly exempt?: true;
  readonly standardise: readonly Standardiser[];
  /** What the column is made of, as declared: `<table>.<column>` or `<domain>.<layer>.<table>.<column>`. */
  readonly sources?: readonly string[];
}

export const CLASSIFICATIONS = ['public', 'internal', 'confidential', 'restricted'] as const;
export type Classification = (typeof CLASSIFICATIONS)[number];
export const PII = ['none', 'indirect', 'direct', 'special'] as const;
export type Pii = (typeof PII)[number];

export interface Masking {
  readonly method: 'none' | 'tokenise' | 'hash' | 'redact' | 'generalise' | 'noise' | 'encrypt';
  /** The first layer in which the value is masked. */
  readonly from: Layer;
  /** Who may see the value unmasked. */
  readonly unmaskRole?: string | undefined;
  readonly approvedBy?: string | undefined;
  readonly reason?: string | undefined;
}

export type Standardiser = 'trim' | 'lower' | 'upper' | 'collapse_whitespace' | { readonly null_if: readonly string[] };

export const ROW_CHECKS = [
  'required',
  'minimum',
  'exclusiveMinimum',
  'maximum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'format',
  'enum',
  'notIn',
  'notMissing',
  'minItems',
  'maxItems',
  'uniqueItems',
] as const;
export const TABLE_CHECKS = [
  'unique',
  'foreignKey',
  'rowCount',
  'freshness',
  'reconcile',
  'sql',
  'anomaly',
  'drift',
] as const;

/**
 * One quality rule as data, free of any engine's syntax; docs/quality.md says what each kind means.
 * Row checks fail single rows; a null fails only `required` and `notMissing`. Table checks judge the table as a whole.
 */
export interface Check {
  readonly id: string;
  readonly name: string;
  readonly kind: (typeof ROW_CHECKS)[number] | (typeof TABLE_CHECKS)[number];
  /** The columns judged: one for row checks and `freshness`, the key's for `unique` and `foreignKey`. */
  readonly columns: readonly string[];
  /** The bound of a range, length or number of items, or the regular expression. Numbers travel as text to stay exact. */
  readonly value?: string;
  /** Members of `enum`, `notIn` and `notMissing`, as text. */
  readonly values?: readonly string[];
  /** What `format` calls its regular expression. */
  readonly format?: string;
  /** What the check's number must be; where it counts failed rows, none may fail when this is left out. */
  readonly expect?: Expectation;
  /** The table that `foreignKey` and `reconcile` look into. */
  readonly references?: Reference;
  /** What `reconcile` compares, or `anomaly` watches. */
  readonly measure?: 'rowCount' | 'sum' | 'rowsIn' | 'nullShare';
  /** Where `drift` ends one range of numbers and begins the next, ascending; of texts it counts `values`. */
  readonly edges?: readonly string[];
  /** How `anomaly` and `drift` are judged by what earlier runs measured. */
  readonly usual?: Usual;
  /** The statement of `sql`, which answers with one number; its tables bear the names given in `reads`. */
  readonly query?: string;
  readonly reads?: readonly Read[];
  /** `record` keeps the result and does nothing else. */
  readonly onFailure: 'quarantine' | 'block' | 'warn' | 'record';
  /** For `quarantine`: the share of failed rows, in percent, above which the gate blocks. */
  readonly blockAbovePercent?: number;
}

/** When a number is unusual. Rules of `drift` have no season, and their `expect` bounds the population stability index. */
export interface Usual {
  readonly season: 'none' | 'dayOfWeek' | 'hourOfDay' | 'dayOfMonth';
  /** With fewer measurements of the season nothing is judged. */
  readonly minHistory: number;
  /** Distance from the median, in deviations that are as wide as standard ones. */
  readonly deviations?: number;
  /** Less than these is no change, however steady the number was: in percent of the median, and in the number's unit. */
  readonly minChangePercent?: number;
  readonly minChange?: number;
}

export interface Relationship {
  /** As declared, or `<columns>.foreignKey`. */
  readonly id: string;
  readonly columns: readonly string[];
  /** Another table, or the same, by its id; as many columns, of equal types, in the order of `columns`. */
  readonly target: { readonly table: string; readonly columns: readonly string[] };
  readonly onFailure: Check['onFailure'];
  readonly blockAbovePercent?: number;
}

export const SLA_DURATIONS = ['freshness', 'latency', 'retention', 'frequency'] as const;
/** The service levels that are durations; what the contract is silent of is absent. */
export type Slas = Readonly<Partial<Record<(typeof SLA_DURATIONS)[number], Sla>>>;

export interface Sla {
  /** A month counts as 30 days, a year as 365. */
  readonly minutes: number;
  /** `<table>.<column>`, as declared: the column that tells a row's time. */
  readonly element?: string | undefined;
  /** How often the promise is to be kept. */
  readonly slo?: { readonly objective: number; readonly windowDays: number; readonly alert: 'burnRate' } | undefined;
}

export interface Role {
  readonly role: string;
  readonly access?: string | undefined;
  /** A condition in SQL on the rows that the role sees. */
  readonly rowFilter?: string | undefined;
  readonly purpose?: string | undefined;
  /** The last day, `yyyy-mm-dd`. */
  readonly expires?: string | undefined;
  readonly approvers: readonly string[];
}

export interface SupportChannel {
  readonly channel: string;
  readonly scope?: string | undefined;
  readonly tool?: string | undefined;
  readonly url?: string | undefined;
}

/** Exactly one of these stands in a rule that compares; `Between` takes both ends in. */
export const OPERATORS = [
  'mustBe',
  'mustNotBe',
  'mustBeGreaterThan',
  'mustBeGreaterOrEqualTo',
  'mustBeLessThan',
  'mustBeLessOrEqualTo',
  'mustBeBetween',
  'mustNotBeBetween',
] as const;
export type Operator = (typeof OPERATORS)[number];

/** `percent` is of the rows judged, or of what `reconcile` compares with. */
export interface Expectation {
  readonly operator: Operator;
  /** Two for `Between`, else one. */
  readonly bounds: readonly number[];
  readonly unit: 'rows' | 'percent' | 'minutes' | 'number';
}

export interface Reference {
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  /** In the order of the check's own columns. */
  readonly columns: readonly string[];
}

/** A table that a statement may read, under the name that it has there. */
export interface Read {
  readonly name: string;
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
}

export interface Ingest {
  readonly from: 'stream' | 'firehose' | 'files' | 'pull' | 'cdc';
  /** CloudEvents type, `<domain>.<table>.v<major>`. */
  readonly event: string;
  readonly key: string;
  /** What the table promises of a stream; exactly-once when left out. */
  readonly delivery?: 'exactly-once' | 'at-least-once' | undefined;
  /** How its files are read; of `from: files` only. */
  readonly source?: SourceFile;
}

export interface Input {
  /** `<domain>.<layer>.<table>` */
  readonly table: string;
  /** Column of nested rows of which each becomes one row. */
  readonly explode?: string;
  /** Gold is built without it, too: until something has landed it is read as a table without rows. */
  readonly optional?: true;
}

export interface Write {
  /** A view has no rows of its own: it shows those of the table of which it is an older version. */
  readonly mode: 'append' | 'merge' | 'scd2' | 'rebuild' | 'partitions' | 'view';
  readonly keys: readonly string[];
  /** What the columns of a view are made of, where that is not the column of the same name. */
  readonly columns?: Readonly<Record<string, ViewColumn>> | undefined;
}

export interface ViewColumn {
  readonly from?: string | undefined;
  /** A factor, as a decimal number. */
  readonly times?: string | undefined;
  /** Stands where the value is null. */
  readonly otherwise?: string | number | boolean | undefined;
}

/** Whether a table has rows of its own, which somebody writes, keeps and checks. */
export const isStored = ({ write }: Pick<Contract, 'write'>): boolean => write.mode !== 'view';

/** What a column of a view is made of: of the one that is called as it is, when the view does not say. */
export const madeOf = ({ write }: Pick<Contract, 'write'>, name: string): ViewColumn & { readonly from: string } => ({
  ...write.columns?.[name],
  from: write.columns?.[name]?.from ?? name,
});

/** `<domain>.<layer>.<table>`: the name of a table everywhere but in SQL. */
export const tableId = ({ domain, layer, table }: Pick<Contract, 'domain' | 'layer' | 'table'>): string =>
  `${domain}.${layer}.${table}`;

/** Where a table lies in the bucket of its layer; of gold, each slot has a folder of its own. */
export const folderOf = ({ domain, table }: Pick<Contract, 'domain' | 'table'>): string => `${domain}/${table}/`;

/** The Glue database, as in SQL: `<domain>_<layer>`. */
export const databaseOf = ({ domain, layer }: Pick<Contract, 'domain' | 'layer'>): string => `${domain}_${layer}`;
