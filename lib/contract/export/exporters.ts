import type { Exporter } from './export.ts';
import { exportAvro } from './export-avro.ts';
import { exportDbt } from './export-dbt.ts';
import { exportJsonSchema } from './export-json-schema.ts';
import { exportOdcs } from './export-odcs.ts';
import { exportOpenSlo } from './export-openslo.ts';
import { exportSql } from './export-sql.ts';
import type { SqlDialect } from './types-in-sql.ts';

/** The formats that a contract can be had in. */
export const EXPORTERS = {
  'odcs-3.1': () => exportOdcs,
  'json-schema': () => exportJsonSchema,
  avro: () => exportAvro,
  openslo: () => exportOpenSlo,
  dbt: () => exportDbt,
  sql: exportSql,
} as const satisfies Readonly<Record<string, (dialect: SqlDialect) => Exporter>>;
export type ExportFormat = keyof typeof EXPORTERS;
