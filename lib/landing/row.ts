/**
 * A value as Parquet will hold it: decimals as unscaled integers, timestamps as microseconds since 1970 UTC,
 * dates as days since 1970, longs as bigint.
 */
export type Value = string | number | bigint | boolean | null | readonly Value[] | Row;

/** A row, or a struct within it, by column name. */
export interface Row {
  readonly [column: string]: Value;
}

/** Why a record cannot land. The reason never holds a value of the data: it may be personal. */
export interface Finding {
  readonly rule: Rule;
  readonly reason: string;
}

export type Rule =
  | 'g0.encoding'
  | 'g0.envelope'
  | 'g0.time'
  | 'g0.contract'
  | 'g0.required'
  | 'g0.type'
  | 'g0.undeclared'
  | 'g0.pii';
