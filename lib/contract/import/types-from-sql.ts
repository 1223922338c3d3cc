import type { ScalarType } from '../contract.ts';

/** Words of SQL dialects, in lower case and without what stands in brackets. */
const WORDS: Readonly<Record<string, ScalarType>> = {
  ...Object.fromEntries(
    ['string', 'text', 'varchar', 'char', 'character varying', 'uuid'].map((word) => [word, 'string']),
  ),
  ...Object.fromEntries(['tinyint', 'smallint', 'int', 'integer', 'int4', 'int32'].map((word) => [word, 'int'])),
  ...Object.fromEntries(['bigint', 'long', 'int8', 'int64'].map((word) => [word, 'long'])),
  ...Object.fromEntries(
    ['double', 'double precision', 'float', 'float8', 'float64', 'real'].map((word) => [word, 'double']),
  ),
  ...Object.fromEntries(['boolean', 'bool'].map((word) => [word, 'boolean'])),
  date: 'date',
  ...Object.fromEntries(['timestamp', 'timestamptz', 'timestamp with time zone'].map((word) => [word, 'timestamp'])),
};

/** The column type that a name of SQL stands for; undefined when there is none. */
export function typeFromSql(text: string): ScalarType | undefined {
  const [, word = '', precision, scale = '0'] =
    /^([a-z][a-z0-9 ]*?)\s*(?:\(\s*(\d+)\s*(?:,\s*(\d+)\s*)?\))?$/.exec(text.trim().toLowerCase()) ?? [];
  if (word === 'decimal' || word === 'numeric')
    return precision === undefined ? undefined : `decimal(${Number(precision)},${Number(scale)})`;
  return WORDS[word];
}
