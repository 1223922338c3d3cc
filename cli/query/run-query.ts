import { AthenaClient } from '@aws-sdk/client-athena';
import type { EnvironmentName } from '../../lib/environment-names.ts';
import type { Row } from '../shared/format.ts';
import type { Settings } from '../shared/settings.ts';
import { queryAthena } from './athena.ts';
import { queryLocally } from './local-engine.ts';

/** Answers a statement over the tables of an environment. */
export type Query = (sql: string) => Promise<Row[]>;

/** What the two engines call by different names. Arguments are columns, never what a person typed. */
export interface Dialect {
  /** Microseconds since 1970, as a number. */
  micros(column: string): string;
  /** A list as the text of a JSON array. */
  json(column: string): string;
}

const DUCKDB: Dialect = {
  micros: (column) => `epoch_us(${column})`,
  json: (column) => `cast(to_json(${column}) as varchar)`,
};

const ATHENA: Dialect = {
  micros: (column) => `cast(to_unixtime(${column}) * 1000000 as bigint)`,
  json: (column) => `json_format(cast(${column} as json))`,
};

export const dialectOf = (env: EnvironmentName): Dialect => (env === 'local' ? DUCKDB : ATHENA);

export const queryOf = (env: EnvironmentName, settings: Settings): Query =>
  env === 'local'
    ? async (sql) => JSON.parse(await queryLocally(sql)) as Row[]
    : (sql) => queryAthena(new AthenaClient({}), sql, workgroupOf(settings));

export const workgroupOf = (settings: Settings): string => settings.find('serving/workgroup') ?? 'primary';

/** Text as a literal of SQL. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
